import type { Stored } from '../objects.ts';

/** Whether the payer must give a card: always, unless nothing is due and the session asks for one only if required. */
export function asksForCard({ amount_total, mode, payment_method_collection }: Stored<'checkout.session'>): boolean {
  return mode === 'setup' || (amount_total ?? 0) > 0 || payment_method_collection === 'always';
}
