import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Environment } from '../../environment.ts';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretLength = 30;
const checksumLength = 6;

/**
 * `bs_test_` or `bs_live_`, 30 random base-62 digits (178 bits), and 6 digits of the CRC-32 of all that stands before them,
 * so that a mistyped key is told from a revoked one without a look-up. For secret scanners: `bs_(test|live)_[0-9A-Za-z]{36}`.
 */
export function newApiKey(environment: Environment): string {
  const body = `bs_${environment.toLowerCase()}_${randomDigits(secretLength)}`;
  return body + checksum(body);
}

export const looksLikeApiKey = (text: string) => text.startsWith('bs_');

export function isWellFormedApiKey(text: string): boolean {
  if (!/^bs_(test|live)_[0-9A-Za-z]{36}$/.test(text)) return false;
  return checksum(text.slice(0, -checksumLength)) === text.slice(-checksumLength);
}

/** What is stored instead of the key. The key has too many random bits to be guessed, so that no salt is needed. */
export const hashApiKey = (key: string) => hash('sha256', key);

function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let place = 0; place < checksumLength; place++) {
    text = digits[rest % digits.length] + text;
    rest = Math.floor(rest / digits.length);
  }
  return text;
}

function randomDigits(count: number): string {
  // 248 = 4 × 62: bytes above are thrown away, so that every digit is equally likely.
  let text = '';
  while (text.length < count) {
    for (const byte of randomBytes(count * 2)) {
      if (byte < 248 && text.length < count) text += digits[byte % digits.length];
    }
  }
  return text;
}
