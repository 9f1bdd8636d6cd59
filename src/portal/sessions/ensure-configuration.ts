import { setTimeout as sleep } from 'node:timers/promises';
import type Stripe from 'stripe';
import type { StripeOptions } from '../../operations/operation.ts';
import { isNoSuchObject, wasReplayed } from '../../stripe/stripe-trouble.ts';

/** How long another call that makes the same is waited for: so many times, so many milliseconds. */
const patience = { times: 12, pause: 250 };
/** For how long one failure of Stripe's stands, in milliseconds. */
const failureStands = 600_000;

type Parameters = Stripe.BillingPortal.ConfigurationCreateParams;

/** What is known here of the configuration that Stripe keeps for one side of a project. */
export type KnownConfiguration = {
  /** Stripe's id; null where none was made yet. */
  id: string | null;
  /** Of the parameters that Stripe was told last; null where it was told none. */
  told: string | null;
  parameters: Parameters;
  fingerprint: string;
  /** Whose it is: project and environment. */
  side: string;
};

/** The configuration as it should be, and what was done to it. */
export type EnsuredConfiguration = { id: string; did: 'NOTHING' | 'CREATE' | 'UPDATE' };

/**
 * Makes the configuration in Stripe, or brings it up to date. Stripe's idempotency key names the project and what is set, not the call:
 * calls that come at the same time, or after one that was cut off, make one configuration.
 * @param known.id where it is set inactive in Stripe, it is active again; where Stripe has none of this id, another one is made.
 * @throws Stripe's failure.
 */
export async function ensureConfiguration(
  { stripe }: { stripe: Stripe },
  { id, told, parameters, fingerprint, side }: KnownConfiguration,
  { maxNetworkRetries }: StripeOptions,
): Promise<EnsuredConfiguration> {
  if (id && told === fingerprint) return { id, did: 'NOTHING' };
  const { configurations } = stripe.billingPortal;
  async function create(after: string): Promise<EnsuredConfiguration> {
    const named = `billgraph-portal/${side}/${fingerprint.slice(0, 32)}${after}`;
    const make = (idempotencyKey: string) =>
      withPatience(() => configurations.create(parameters, { idempotencyKey, maxNetworkRetries }));
    // Stripe keeps a failure with its key for a day, and would answer nothing else.
    const made = await make(named).catch((failure) => {
      if (wasReplayed(failure)) return make(`${named}/${Math.floor(Date.now() / failureStands)}`);
      throw failure;
    });
    return { id: made.id, did: 'CREATE' };
  }
  if (!id) return create('');
  const update = configurations.update(id, { ...parameters, active: true }, { maxNetworkRetries });
  return update.then(
    () => ({ id, did: 'UPDATE' }),
    (failure) => {
      // It went with another Stripe account's data.
      if (isNoSuchObject(failure)) return create(`/${id}`);
      throw failure;
    },
  );
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
