import { z } from 'zod';
import { badInput } from './errors.ts';
import { chargedInSteps, largestAmount } from './minor-units.ts';

/** Checks of meaning that several verbs share. Each one returns the value to use, or throws BAD_USER_INPUT with the field. */

/** @returns the address in lower case: two spellings of one address are one customer. Stripe takes at most 512 characters. */
export function checkEmail(email: string, field: string): string {
  const trimmed = email.trim();
  if (trimmed.length > 512 || !z.email().safeParse(trimmed).success)
    throw badInput('This is not an email address. Write it as name@example.com.', field);
  return trimmed.toLowerCase();
}

/**
 * What is charged or given back at once, in minor units. The least that a currency needs is Stripe's to say.
 * @returns the amount as Stripe takes it.
 */
export function checkCharge({ amount, currency }: { amount: bigint; currency: string }, field: string): number {
  if (amount < 1n || amount > largestAmount)
    throw badInput('An amount is 1 to 99,999,999 in minor units of the currency.', field);
  checkSteps(amount, currency, field);
  return Number(amount);
}

/** What Stripe counts in smaller units than it charges. */
export function checkSteps(amount: bigint, currency: string, field: string): void {
  const step = chargedInSteps(currency);
  if (amount % step !== 0n) throw badInput(`In ${currency} Stripe charges multiples of ${step} of these units.`, field);
}

export function checkText(text: string, field: string, { max }: { max: number }): string {
  const trimmed = text.trim();
  if (!trimmed) throw badInput('This may not be empty. Leave the field out instead.', field);
  if (trimmed.length > max) throw badInput(`This has ${trimmed.length} characters; ${max} are allowed.`, field);
  if (!isText(trimmed)) throw badInput('This holds characters that are no text.', field);
  return trimmed;
}

/** PostgreSQL cannot store U+0000, nor a half of a surrogate pair; the latter cannot be sent to Stripe either. */
const isText = (text: string) => !text.includes('\0') && text.isWellFormed();

/** Stripe's limits: 50 keys of at most 40 characters, values of at most 500. Keys that begin with `billgraph_` are ours. */
export function checkMetadata(metadata: Record<string, unknown>, field: string): Record<string, string> {
  const entries = Object.entries(metadata);
  if (entries.length > 40) throw badInput(`Metadata has ${entries.length} keys; 40 are allowed.`, field);
  for (const [key, value] of entries) {
    const at = `${field}.${key}`;
    if (key.startsWith('billgraph_')) throw badInput('Keys that begin with billgraph_ are reserved.', at);
    if (!/^[^[\]]{1,40}$/.test(key) || !isText(key))
      throw badInput('A metadata key is a text of 1 to 40 characters, without square brackets.', at);
    if (typeof value !== 'string') throw badInput('A metadata value is a string.', at);
    checkText(value, at, { max: 500 });
  }
  return metadata as Record<string, string>;
}

/**
 * An absolute http(s) address that a browser may be sent to. Stripe's `{CHECKOUT_SESSION_ID}` is left as it is.
 * User names are refused: `https://good.example@evil.example` leads to evil.example.
 */
export function checkRedirectUrl(url: string, field: string): string {
  const parsed = URL.parse(url);
  // White space and control characters, which the parser forgives, Stripe does not. A backslash is read as / by some only.
  if (
    !parsed ||
    !url.isWellFormed() ||
    /[\s\\\p{Cc}]/u.test(url) ||
    !/^https?:\/\/[^/\\]/i.test(url) ||
    !['http:', 'https:'].includes(parsed.protocol)
  )
    throw badInput('This must be an absolute http(s) URL, such as https://example.com/done.', field);
  if (parsed.username || parsed.password) throw badInput('This URL may not hold a user name or a password.', field);
  if (url.length > 2_048) throw badInput('This URL is longer than 2,048 characters.', field);
  return url;
}

/** @returns an origin as browsers write it: scheme, host and port, and nothing else. */
export function checkOrigin(origin: string, field: string): string {
  const parsed = URL.parse(origin);
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol) || parsed.origin !== origin)
    throw badInput('This must be an origin without a path, such as https://app.example.com.', field);
  return origin;
}
