import type { Stored } from '../objects.ts';

type Price = Pick<
  Stored<'price'>,
  'billing_scheme' | 'tiers' | 'tiers_mode' | 'transform_quantity' | 'unit_amount_decimal'
>;

const scale = 10n ** 12n;

/** What `quantity` of a price costs, in minor units, a fraction rounded half up as Stripe does. */
export function priceAmount(price: Price, quantity: number): number {
  if (price.billing_scheme === 'tiered') return rounded(tieredAmount(price, quantity));
  return rounded(exact(price.unit_amount_decimal) * BigInt(transformed(price, quantity)));
}

function tieredAmount({ tiers = [], tiers_mode }: Price, quantity: number): bigint {
  const reach = (upTo: number | null) => upTo ?? Number.POSITIVE_INFINITY;
  if (tiers_mode === 'volume') {
    const tier = tiers.find(({ up_to }) => quantity <= reach(up_to));
    return tier ? exact(tier.flat_amount_decimal) + exact(tier.unit_amount_decimal) * BigInt(quantity) : 0n;
  }
  let total = 0n;
  let below = 0;
  for (const tier of tiers) {
    const units = Math.min(quantity, reach(tier.up_to)) - below;
    if (units <= 0 && tier !== tiers[0]) break;
    total += exact(tier.flat_amount_decimal) + exact(tier.unit_amount_decimal) * BigInt(units);
    below += units;
  }
  return total;
}

function transformed({ transform_quantity: packages }: Price, quantity: number): number {
  if (!packages) return quantity;
  return packages.round === 'up' ? Math.ceil(quantity / packages.divide_by) : Math.floor(quantity / packages.divide_by);
}

function exact(decimal: string | null): bigint {
  const [whole = '0', fraction = ''] = (decimal ?? '0').split('.');
  return BigInt(whole) * scale + BigInt(fraction.padEnd(12, '0'));
}

function rounded(amount: bigint): number {
  return Number((amount + scale / 2n) / scale);
}
