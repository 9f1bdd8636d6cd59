import { badInput } from '../../errors.ts';

export const passwordLength = { min: 12, max: 128 };

/**
 * What is stored instead of a password: better-auth's scrypt with a salt. Length is what makes a password hard to guess; nothing
 * else is demanded. It is loaded when the first is stored: a start has better things to do.
 * @throws Refusal BAD_USER_INPUT for one that is too short or too long.
 */
export async function hashPassword(password: string, field: string): Promise<string> {
  const { min, max } = passwordLength;
  if (password.length < min) throw badInput(`A password has at least ${min} characters.`, field);
  if (password.length > max) throw badInput(`A password has at most ${max} characters.`, field);
  const better = await import('better-auth/crypto');
  return better.hashPassword(password);
}
