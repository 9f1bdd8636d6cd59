import { hash, timingSafeEqual } from 'node:crypto';

/** What every form of a session carries: a page of another site, or of another session, does not know it. */
export const formTokenOf = (secret: string) => hash('sha256', `portal form:${secret}`, 'base64url');

/** Compares without telling by its time how far two texts agree. */
export function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
