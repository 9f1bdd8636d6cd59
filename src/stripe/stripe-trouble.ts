import Stripe from 'stripe';

const { StripeError, StripeConnectionError } = Stripe.errors;

/**
 * Whether it is not about what was asked for: Stripe was not reached, fails, limits us, or refuses our key. The same will do
 * later.
 */
export function isStripeTrouble(failure: unknown): boolean {
  if (!(failure instanceof StripeError)) return false;
  const { statusCode } = failure;
  if (failure instanceof StripeConnectionError || statusCode === undefined) return true;
  return statusCode >= 500 || [401, 403, 409, 429].includes(statusCode);
}

/** Whether Stripe knows no object of this id: it never was in this account and mode, or it is deleted. The API of v2 has another word for it. */
export function isNoSuchObject(failure: unknown): boolean {
  return failure instanceof StripeError && ['resource_missing', 'not_found'].includes(failure.code ?? '');
}

/** Whether it is the kept answer to an earlier call with the same idempotency key. */
export function wasReplayed(failure: unknown): boolean {
  return failure instanceof StripeError && failure.headers?.['idempotent-replayed'] === 'true';
}

/** Whether Stripe refuses what it was given as this parameter. */
export function isAbout(failure: unknown, param: string): boolean {
  return failure instanceof StripeError && failure.param === param;
}

/** Whether Stripe refused what was asked, as against a card, a key, or an object that is busy. */
export function isBadRequest(failure: unknown): boolean {
  return failure instanceof Stripe.errors.StripeInvalidRequestError && !isStripeTrouble(failure);
}

/** Whether Stripe was asked for an invoice to come, and none does. */
export function isNothingUpcoming(failure: unknown): boolean {
  return failure instanceof StripeError && failure.code === 'invoice_upcoming_none';
}

/** Whether Stripe knows the key, and it is a restricted one without the right to do this. */
export function isRightMissing(failure: unknown): boolean {
  return failure instanceof Stripe.errors.StripePermissionError;
}

/** Whether Stripe does not take the key: it is mistyped, expired or revoked. */
export function isKeyRefused(failure: unknown): boolean {
  return failure instanceof Stripe.errors.StripeAuthenticationError;
}
