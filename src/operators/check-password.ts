import { badInput } from '../errors.ts';

export const passwordLength = { min: 12, max: 128 };

/** Length is what makes a password hard to guess: nothing else is demanded. */
export function checkPassword(password: string, field: string): string {
  const { min, max } = passwordLength;
  if (password.length < min) throw badInput(`A password has at least ${min} characters.`, field);
  if (password.length > max) throw badInput(`A password has at most ${max} characters.`, field);
  return password;
}
