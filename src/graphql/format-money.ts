import { LRUCache } from 'lru-cache';
import { badInput } from '../errors.ts';

export type Money = { amount: bigint; currency: string };

// Stripe's minor units, which are not always ISO 4217's: https://docs.stripe.com/currencies#special-cases
const withoutDecimals = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const withThreeDecimals = new Set('BHD JOD KWD OMR TND'.split(' '));

/** An amount as people of a locale write it. @throws Refusal BAD_USER_INPUT where `locale` is not a language tag. */
export function formatMoney({ amount, currency }: Money, locale: string): string {
  const decimals = withoutDecimals.has(currency) ? 0 : withThreeDecimals.has(currency) ? 3 : 2;
  const digits = String(amount < 0n ? -amount : amount).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const exact = `${amount < 0n ? '-' : ''}${whole}.${digits.slice(whole.length) || '0'}` as `${number}`;
  const key = `${locale} ${currency}`;
  const known = formatters.get(key) ?? formatter(locale, currency, decimals);
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
