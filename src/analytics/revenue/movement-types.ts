/** What a change of a subscription's recurring revenue is. */
export const movementTypes = ['NEW', 'EXPANSION', 'CONTRACTION', 'CHURN', 'REACTIVATION'] as const;
export type MovementType = (typeof movementTypes)[number];
