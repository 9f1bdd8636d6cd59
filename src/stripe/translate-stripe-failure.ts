import Stripe from 'stripe';
import { Refusal, stripeRefused } from '../errors.ts';
import { declinedCard } from './declined-card.ts';
import { inputFieldOf, isGiven } from './input-fields.ts';
import { knownRefusal } from './known-refusals.ts';
import { isStripeTrouble } from './stripe-trouble.ts';

const { errors } = Stripe;

/**
 * The one place where a failure of Stripe's becomes a refusal of ours: what a person can cause has a code of ours, the field in the
 * words of our input, and a message that says what to do. Null for anything that is not Stripe's.
 */
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
    return stripeRefused(`This connection's restricted key lacks a right: ${withoutIds(failure.message)}`, details);
  if (failure.statusCode === 409)
    return stripeRefused('Stripe is at work on the same call. Try again in a moment.', { ...details, retryable: true });
  if (failure instanceof errors.StripeAPIError)
    return stripeRefused('Stripe failed to answer. Try again.', { ...details, retryable: true });
  if (failure instanceof errors.StripeCardError && failure.code !== 'missing') return declinedCard(failure, details);
  const known = knownRefusal(failure);
  const usual = known?.field && isGiven(failure, known.field) ? known.field : undefined;
  const field = inputFieldOf(failure) ?? usual;
  if (known) return new Refusal(known.code, known.message, { ...details, field });
  return stripeRefused(`Stripe refused: ${withoutIds(failure.message)}`, { ...details, field });
}

/** Stripe's words without its ids: they may be of another project of the same account. */
const withoutIds = (message: string) =>
  message.replace(/\b([a-z]{2,12}_(?:test_|live_)?)(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{8,}/g, '$1…');

/**
 * Whether Stripe certainly did not do what was asked under this idempotency key, in this or an earlier try: it refused what it
 * would have answered had it done it before, or it was never reached. Where this is false (a time-out, a lost connection, a 5xx,
 * a limit or a key that Stripe looks at first, a key that it knows with other words) it may have been done, and only the same
 * idempotency key may be tried again.
 * @param tries.askedBefore whether an earlier try's end is unknown: then it is not enough that this one never reached Stripe.
 */
export function certainlyNotDone(failure: unknown, { askedBefore }: { askedBefore: boolean }): boolean {
  if (failure instanceof errors.StripeConnectionError)
    return !askedBefore && !wasRetried.test(failure.message) && neverConnected.has(causeOf(failure));
  if (failure instanceof errors.StripeIdempotencyError) return false;
  return failure instanceof errors.StripeError && !isStripeTrouble(failure);
}

/** Whether the same may succeed in a moment: Stripe was not reached, broke down, or is at work on the same call. */
export function isWorthAnotherTry(failure: unknown): boolean {
  if (!(failure instanceof errors.StripeError)) return false;
  if (failure instanceof errors.StripeConnectionError) return true;
  const { statusCode = 0, headers } = failure;
  return (statusCode === 409 || statusCode >= 500) && headers?.['stripe-should-retry'] !== 'false';
}

/** The SDK tries once more by itself where a connection was closed, whatever it is told, and says so here alone. */
const wasRetried = /retried/;

const neverConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);

function causeOf(failure: InstanceType<typeof errors.StripeConnectionError>): string {
  const { detail } = failure as { detail?: { code?: string } };
  return detail?.code ?? '';
}
