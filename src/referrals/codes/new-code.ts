import { randomInt } from 'node:crypto';
import { badInput } from '../../errors.ts';

/** Digits and letters of which no two look alike: no 0, 1, I, L, O and U. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 8;

/** A code that nobody guesses: one of 656 thousand million. */
export const newCode = () => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

/** How a code is kept and looked for: two spellings are one. */
export const spelledCode = (code: string) => code.trim().toUpperCase();

/** @throws Refusal BAD_USER_INPUT. */
export function checkCode(code: string, field: string): string {
  // Before it is spelled: `ß` in upper case is `SS`, which nobody chose.
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,39}$/.test(code.trim()))
    throw badInput('A code has 3 to 40 letters (A to Z), digits, - and _, and begins with a letter or digit.', field);
  return spelledCode(code);
}
