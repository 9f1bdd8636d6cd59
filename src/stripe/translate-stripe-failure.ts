import Stripe from 'stripe';
import { type Refusal, stripeRefused } from '../errors.ts';
import { isStripeTrouble } from './stripe-trouble.ts';

const { errors } = Stripe;

/** The one place where a failure of Stripe's becomes a refusal of ours. Returns null for anything that is not Stripe's. */
export function translateStripeFailure(failure: unknown): Refusal | null {
  if (!(failure instanceof errors.StripeError)) return null;
  const details = { stripeCode: failure.code, stripeRequestId: failure.requestId };
  if (failure instanceof errors.StripeConnectionError)
    return stripeRefused('Stripe cannot be reached. Try again.', { ...details, retryable: true });
  if (failure instanceof errors.StripeRateLimitError)
    return stripeRefused('Stripe is receiving too many requests of this account. Try again in a moment.', {
      ...details,
      retryable: true,
      retryAfter: 1,
    });
  if (failure instanceof errors.StripeAuthenticationError)
    return stripeRefused("Stripe refused this connection's secret key. Connect the Stripe account again.", details);
  if (failure instanceof errors.StripePermissionError)
    return stripeRefused(`This connection's restricted key lacks a right: ${failure.message}`, details);
  if (failure.statusCode === 409)
    return stripeRefused('Stripe is at work on the same call. Try again in a moment.', { ...details, retryable: true });
  if (failure instanceof errors.StripeAPIError)
    return stripeRefused('Stripe failed to answer. Try again.', { ...details, retryable: true });
  return stripeRefused(`Stripe refused: ${failure.message}`, { ...details, field: failure.param });
}

/**
 * Whether Stripe certainly did not do what was asked under this idempotency key, in this or an earlier try: it refused what it
 * would have answered had it done it before, or it was never reached. Where this is false (a time-out, a lost connection, a 5xx,
 * a limit or a key that Stripe looks at first) it may have been done, and only the same idempotency key may be tried again.
 */
export function certainlyNotDone(failure: unknown): boolean {
  if (failure instanceof errors.StripeConnectionError) return neverConnected.has(causeOf(failure));
  return failure instanceof errors.StripeError && !isStripeTrouble(failure);
}

const neverConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);

function causeOf(failure: InstanceType<typeof errors.StripeConnectionError>): string {
  const { detail } = failure as { detail?: { code?: string } };
  return detail?.code ?? '';
}
