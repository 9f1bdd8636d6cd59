import { moneyLabel } from '../catalog/price-label.ts';
import { ApiError } from '../wire/api-error.ts';

/** The least that Stripe charges, in minor units: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const least: Record<string, number> = {
  ...{ aed: 200, aud: 50, bgn: 100, brl: 50, cad: 50, chf: 50, czk: 1_500, dkk: 250, eur: 50, gbp: 30, hkd: 400 },
  ...{ huf: 17_500, inr: 50, jpy: 50, mxn: 1_000, myr: 200, nok: 300, nzd: 50, pln: 200, ron: 200, sek: 300 },
  ...{ sgd: 50, thb: 1_000, usd: 50 },
};

/** Eight digits, whatever the currency. */
const most = 99_999_999;

/** Refuses what nobody can be charged. Of currencies without a least amount of their own the sandbox takes any. */
export function refuseOddAmount(amount: number, currency: string): void {
  const refusal = (code: string, message: string) =>
    new ApiError(400, { type: 'invalid_request_error', code, message, param: 'amount' });
  const label = (bound: number) => `${moneyLabel(bound, currency)} ${currency}`;
  const smallest = least[currency] ?? 1;
  if (amount < smallest) throw refusal('amount_too_small', `Amount must be at least ${label(smallest)}`);
  if (amount > most) throw refusal('amount_too_large', `Amount must be no more than ${label(most)}`);
}
