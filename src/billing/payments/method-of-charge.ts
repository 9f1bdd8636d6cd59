import type Stripe from 'stripe';

/** The columns that say with what was paid. Each kind of payment method has its own details; most have the last four digits. */
export function methodOfCharge({ payment_method: id, payment_method_details: details }: Stripe.Charge) {
  const ofType = (details?.[details.type as 'card'] ?? {}) as { brand?: string | null; last4?: string | null };
  return {
    stripe_payment_method_id: id ?? null,
    payment_method_type: details?.type ?? null,
    payment_method_brand: ofType.brand ?? null,
    payment_method_last4: ofType.last4 ?? null,
  };
}
