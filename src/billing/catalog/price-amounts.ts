/** What so many units cost. Amounts are in minor units, as decimals in text; null is nothing. */
export type Tier = {
  /** The last unit of the tier; null for the tier without an end. */
  upTo: number | null;
  unitAmountDecimal: string | null;
  flatAmountDecimal: string | null;
};

/** The price is for `divideBy` units, and what is left over counts as all of them or as none. */
export type TransformQuantity = { divideBy: number; round: 'UP' | 'DOWN' };

/** What a price costs in another currency. Where tiers decide, `unitAmountDecimal` is null. */
export type CurrencyOption = {
  currency: string;
  unitAmountDecimal: string | null;
  tiers: Tier[] | null;
};
