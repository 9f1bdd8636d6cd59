import { LRUCache } from 'lru-cache';
import { Arg, Field, ObjectType } from 'type-graphql';
import { badInput } from '../errors.ts';
import { BigIntScalar, CurrencyCodeScalar } from './scalars.ts';

export type Money = { amount: bigint; currency: string };

@ObjectType('Money', { simpleResolvers: true, description: 'An amount of a currency. Never a float.' })
export class MoneyType implements Money {
  @Field(() => BigIntScalar, {
    description:
      'In minor units of the currency, as Stripe counts them: `1999` is 19.99 USD, 1999 JPY (no decimals) and 1.999 KWD (three).',
  })
  amount!: bigint;

  @Field(() => CurrencyCodeScalar, { description: 'The currency.' })
  currency!: string;

  @Field(() => String, { description: 'The amount as people of a locale write it: `$19.99`.' })
  formatted(
    @Arg('locale', () => String, { defaultValue: 'en', description: 'A BCP 47 language tag: `en`, `de-CH`.' })
    locale: string,
  ): string {
    return formatMoney(this, locale);
  }
}

// Stripe's minor units, which are not always ISO 4217's: https://docs.stripe.com/currencies#special-cases
const withoutDecimals = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const withThreeDecimals = new Set('BHD JOD KWD OMR TND'.split(' '));

/** @throws Refusal BAD_USER_INPUT where `locale` is not a language tag. */
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
