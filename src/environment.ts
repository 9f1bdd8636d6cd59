/** Stripe's two modes. Every row of a project is in one of them, and no answer mixes them. */
export const environments = ['TEST', 'LIVE'] as const;
export type Environment = (typeof environments)[number];
