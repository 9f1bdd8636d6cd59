import type Stripe from 'stripe';
import type { CurrencyOption, Tier } from '../catalog/price-amounts.ts';

/** Stripe's tiers as we keep them; null where there are none. Decimals are strings in events, Decimals in answers. */
export function readTiers(tiers: Stripe.Price.Tier[] | null | undefined): Tier[] | null {
  if (!tiers?.length) return null;
  return tiers.map(({ up_to, unit_amount_decimal, flat_amount_decimal }) => ({
    upTo: up_to,
    unitAmountDecimal: textOf(unit_amount_decimal),
    flatAmountDecimal: textOf(flat_amount_decimal),
  }));
}

/** What a price costs in other currencies than its own, which Stripe lists among them. */
export function readCurrencyOptions({ currency, currency_options }: Stripe.Price): CurrencyOption[] {
  return Object.entries(currency_options ?? {})
    .filter(([name]) => name !== currency)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { unit_amount_decimal, tiers }]) => ({
      currency: name.toUpperCase(),
      unitAmountDecimal: textOf(unit_amount_decimal),
      tiers: readTiers(tiers),
    }));
}

const textOf = (decimal: Stripe.Decimal | null | undefined) => (decimal == null ? null : String(decimal));
