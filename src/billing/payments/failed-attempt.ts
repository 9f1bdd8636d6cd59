import type Stripe from 'stripe';
import { idOf } from '../../ingestion/mirror/seen.ts';

/**
 * What tells the attempt that failed last from others: Stripe's id of its charge. Where none was made (an authentication that
 * failed), the request that failed, or else why and with which payment method. Null: none failed since the last success.
 */
export function failedAttemptOf({ last_payment_error: error }: Stripe.PaymentIntent): string | null {
  if (!error) return null;
  if (error.charge) return idOf(error.charge);
  const request = /\breq_\w+/.exec(error.request_log_url ?? '')?.[0];
  return request ?? [error.code ?? error.type, error.payment_method?.id].filter(Boolean).join('/');
}
