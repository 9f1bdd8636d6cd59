import { badInput } from '../../errors.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';

/** Seconds after which a signed request is too old: it may be a recorded one. */
const tolerance = 300;

/**
 * Checks Stripe's signature with each signing secret that is active.
 * @param body exactly as it came, decoded from UTF-8.
 * @throws Refusal BAD_USER_INPUT where no secret made the signature, or it is older than five minutes.
 */
export function verifySignature(
  { stripe, webhookSecrets }: OpenConnection,
  body: string,
  signature: string | undefined,
): void {
  if (!signature) throw badInput('The header Stripe-Signature is missing. Only Stripe may call this.', field);
  let isStale = false;
  for (const secret of webhookSecrets) {
    try {
      stripe.webhooks.signature!.verifyHeader(body, signature, secret, tolerance);
      return;
    } catch (failure) {
      isStale ||= failure instanceof Error && failure.message.startsWith('Timestamp outside');
    }
  }
  if (isStale)
    throw badInput(`The signature is older than ${tolerance} seconds. If Stripe sent this, check our clock.`, field);
  throw badInput(
    "The signature fits no signing secret of this connection. Compare its secret with the endpoint's in Stripe.",
    field,
  );
}

const field = 'stripe-signature';
