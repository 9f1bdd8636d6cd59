/** What the revenue of a subscription is from an instant (ISO 8601, UTC) on. Fractions are text: `1250/3`. */
export type StoredStep = { at: string; mrr: string; trialMrr: string };
