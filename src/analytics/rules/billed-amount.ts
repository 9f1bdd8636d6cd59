import type { Tier } from '../../billing/catalog/price-amounts.ts';
import type { BilledPrice } from './billed-subscription.ts';
import { type Fraction, fraction, zero } from './fraction.ts';

/**
 * What so many units of a price cost for one interval, in minor units of the currency, before discounts. Zero for what is metered or charged
 * once, and for a price that is not sold in the currency.
 */
export function billedAmount(price: BilledPrice, quantity: number | null, currency: string): Fraction {
  if (price.type !== 'RECURRING' || price.usageType === 'METERED' || !price.recurringInterval) return zero;
  const costs =
    price.currency === currency ? price : price.currencyOptions.find((option) => option.currency === currency);
  if (!costs) return zero;
  const units = quantity ?? 1;
  if (costs.tiers?.length)
    return price.tiersMode === 'VOLUME' ? volume(costs.tiers, units) : graduated(costs.tiers, units);
  return decimal(costs.unitAmountDecimal).mul(packagesOf(price, units));
}

/** The tier that the quantity reaches says what every unit costs. */
function volume(tiers: Tier[], quantity: number): Fraction {
  const tier = tiers.find(({ upTo }) => upTo === null || quantity <= upTo);
  return tier ? decimal(tier.flatAmountDecimal).add(decimal(tier.unitAmountDecimal).mul(quantity)) : zero;
}

/** Each tier says what the units in it cost. The first one's flat amount is due for no unit as well. */
function graduated(tiers: Tier[], quantity: number): Fraction {
  let total = zero;
  let below = 0;
  for (const tier of tiers) {
    const { upTo, flatAmountDecimal, unitAmountDecimal } = tier;
    const units = Math.min(quantity, upTo ?? quantity) - below;
    if (units <= 0 && tier !== tiers[0]) break;
    total = total.add(decimal(flatAmountDecimal)).add(decimal(unitAmountDecimal).mul(units));
    below += units;
  }
  return total;
}

/** A price may be for so many units together. */
function packagesOf({ transformQuantity }: BilledPrice, quantity: number): number {
  if (!transformQuantity) return quantity;
  const { divideBy, round } = transformQuantity;
  return round === 'UP' ? Math.ceil(quantity / divideBy) : Math.floor(quantity / divideBy);
}

const decimal = (text: string | null | undefined): Fraction => fraction(text ?? 0);
