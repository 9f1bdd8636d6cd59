import { setTimeout as sleep } from 'node:timers/promises';
import type Stripe from 'stripe';
import type { StripeOptions } from '../operations/operation.ts';
import { isNoSuchObject } from '../stripe/stripe-trouble.ts';

/** How long another call that makes the same is waited for: so many times, so many milliseconds. */
const patience = { times: 12, pause: 250 };

type Parameters = Stripe.BillingPortal.ConfigurationCreateParams;

/** What is known here of the configuration that Stripe keeps for one side of a project. */
export type KnownConfiguration = {
  /** Stripe's id; null where none was made yet. */
  id: string | null;
  /** Whether Stripe was told of `parameters` already. */
  isCurrent: boolean;
  parameters: Parameters;
  fingerprint: string;
  /** Whose it is: project and environment. */
  side: string;
};

/**
 * Makes the configuration in Stripe, or brings it up to date. Stripe's idempotency key names the project and what is set, not the call:
 * calls that come at the same time, or after one that was cut off, make one configuration.
 * @returns it, with Stripe's id. @throws Stripe's failure.
 */
export async function ensureConfiguration(
  { stripe }: { stripe: Stripe },
  { id, isCurrent, parameters, fingerprint, side }: KnownConfiguration,
  { maxNetworkRetries }: StripeOptions,
): Promise<{ id: string }> {
  if (id && isCurrent) return { id };
  const { configurations } = stripe.billingPortal;
  const create = (after: string) =>
    withPatience(() =>
      configurations.create(parameters, {
        idempotencyKey: `billgraph-portal/${side}/${fingerprint.slice(0, 32)}${after}`,
        maxNetworkRetries,
      }),
    );
  if (!id) return create('');
  // Somebody may have set it inactive in Stripe, or it went with another Stripe account's data.
  return configurations.update(id, { ...parameters, active: true }, { maxNetworkRetries }).catch((failure) => {
    if (isNoSuchObject(failure)) return create(`/${id}`);
    throw failure;
  });
}

/** Stripe answers 409 as long as it is at work on a call with the same key. */
async function withPatience<Made>(make: () => Promise<Made>): Promise<Made> {
  for (let tries = 1; ; tries++) {
    try {
      return await make();
    } catch (failure) {
      if ((failure as { statusCode?: number }).statusCode !== 409 || tries === patience.times) throw failure;
      await sleep(patience.pause);
    }
  }
}
