import { LRUCache } from 'lru-cache';
import { badInput } from '../errors.ts';
import { decimalsOf, inWholeUnits } from '../minor-units.ts';

export type Money = { amount: bigint; currency: string };

/** An amount as people of a locale write it. @throws Refusal BAD_USER_INPUT where `locale` is not a language tag. */
export function formatMoney({ amount, currency }: Money, locale: string): string {
  const exact =
    `${amount < 0n ? '-' : ''}${inWholeUnits(String(amount < 0n ? -amount : amount), currency)}` as `${number}`;
  const key = `${locale} ${currency}`;
  const known = formatters.get(key) ?? formatter(locale, currency, decimalsOf(currency));
  formatters.set(key, known);
  return known.format(exact);
}

/** One takes longer to make than a hundred amounts to format. Locales are named by callers: few are kept. */
const formatters = new LRUCache<string, Intl.NumberFormat>({ max: 100 });

function formatter(locale: string, currency: string, decimals: number): Intl.NumberFormat {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency, ...digits });
  } catch {
    throw badInput(`There is no locale "${locale}": give a language tag such as "en" or "de-CH".`, 'locale');
  }
}
