import { randomBytes } from 'node:crypto';

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `length` random letters and digits. */
export function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join('');
}

/** An id as Stripe makes them: `newId('cus_', 14)` → `cus_Q2cA7…`. */
export function newId(prefix: string, length = 23): string {
  return prefix + randomText(length);
}
