/** How the events of a time come to one number. Stripe has no MAX and no UNIQUE_COUNT: there such a meter is one of the last value. */
export const aggregations = ['SUM', 'COUNT', 'MAX', 'LAST', 'UNIQUE_COUNT'] as const;
export type Aggregation = (typeof aggregations)[number];

/** The same in Stripe's words. A meter that counts is one of the sum there, each event being 1: what is sent to it can be bundled, and taken back. */
export const stripeFormulas = ['sum', 'count', 'last'] as const;
export type StripeFormula = (typeof stripeFormulas)[number];

/** How Stripe's meter counts that is made for an aggregation. */
export const stripeFormulaOf = {
  SUM: 'sum',
  COUNT: 'sum',
  MAX: 'last',
  LAST: 'last',
  UNIQUE_COUNT: 'last',
} as const satisfies Record<Aggregation, StripeFormula>;
