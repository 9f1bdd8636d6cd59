/** How the events of a time come to one number. Stripe has no MAX and no UNIQUE_COUNT: there such a meter is one of the last value. */
export const aggregations = ['SUM', 'COUNT', 'MAX', 'LAST', 'UNIQUE_COUNT'] as const;
export type Aggregation = (typeof aggregations)[number];
