import { createHash, timingSafeEqual } from 'node:crypto';
import { hashOneTimeToken } from '../access/one-time-token.ts';

/**
 * What one link's token leads to: the secret that its browser keeps in a cookie, and from that the token of its forms. Each follows from the one
 * before and tells nothing of it.
 */
const follows = (from: string, use: string) => createHash('sha256').update(`${use}:${from}`).digest('base64url');

/** The value of the cookie. The same link leads to the same one, so that a double click does not shut itself out. */
export const secretOf = (token: string) => follows(token, 'portal cookie');

/** What every form of a session carries: a page of another site, or of another session, does not know it. */
export const formTokenOf = (secret: string) => follows(secret, 'portal form');

/** What is stored instead of the token and the cookie. */
export const hashesOf = (token: string) => ({
  tokenHash: hashOneTimeToken(token),
  secretHash: hashOneTimeToken(secretOf(token)),
});

/** Compares without telling by its time how far two texts agree. */
export function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
