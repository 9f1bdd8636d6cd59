import { hash, randomBytes } from 'node:crypto';

/** 192 random bits: what a link holds that lets somebody in once. */
export const newOneTimeToken = () => randomBytes(24).toString('base64url');

/** What is stored instead of the token, which has too many random bits to be guessed. */
export const hashOneTimeToken = (token: string) => hash('sha256', token);
