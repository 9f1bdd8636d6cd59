import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { Refusal } from '../errors.ts';
import { wakeLanes } from '../lanes/wake-lanes.ts';
import { recordAnswer } from '../mirror/record-answer.ts';
import { withAllItems } from '../mirror/retrieve-subscription.ts';
import { laneOf } from '../mirror/stripe-lane.ts';
import type { StripeOptions } from '../operations/operation.ts';
import type { InputFields } from '../stripe/input-fields.ts';
import { isStripeTrouble } from '../stripe/stripe-trouble.ts';
import { syncSubscriptions } from '../subscriptions/sync-subscriptions.ts';
import type { Tenant } from '../tenant.ts';
import { type FoundSubscription, findSubscription, hasEnded } from './find-subscription.ts';
import type { SubscriptionTools, WhichSubscription } from './subscription-tools.ts';

export type SubscriptionStep<Parameters> = {
  /** Decides what Stripe is asked, in the transaction; or refuses. */
  decide(em: EntityManager, subscription: FoundSubscription): Promise<Parameters> | Parameters;
  /** Asks Stripe. */
  send(
    stripeSubscriptionId: string,
    parameters: Parameters,
    options: StripeOptions,
  ): Promise<Stripe.Response<Stripe.Subscription>>;
  /** Our input's words for Stripe's parameters: see inputFieldOf. */
  fields?: InputFields;
  /** What the audit log tells of it. */
  told: Record<string, unknown>;
};

/**
 * Changes a subscription in Stripe, and brings what Stripe answers to the row. Of ours nothing is written before.
 * @returns the id of the row.
 * @throws Refusal NOT_FOUND; CONFLICT where it has ended, also where Stripe knows it before we do; what `decide` refuses; Stripe's failure.
 */
export async function askForSubscription<Parameters>(
  { stripe, operation, log }: SubscriptionTools,
  tenant: Tenant,
  which: WhichSubscription,
  { decide, send, fields = {}, told }: SubscriptionStep<Parameters>,
): Promise<string> {
  let stripeId = '';
  const asked = operation.askStripe({
    async prepare(em) {
      const subscription = await findSubscription({ em }, tenant, which);
      const { id, stripeSubscriptionId, evidence: basis } = subscription;
      return { id, stripeSubscriptionId, basis, parameters: await decide(em, subscription) };
    },
    async send({ stripeSubscriptionId, parameters }, options) {
      stripeId = stripeSubscriptionId;
      const answer = await send(stripeSubscriptionId, parameters, options);
      // It is done, whatever becomes of the rest of its items.
      return withAllItems(stripe, answer).catch(() => answer);
    },
    fields,
    async record(em, { id, stripeSubscriptionId, basis }, object, note) {
      note({ subjectType: 'Subscription', subjectId: id, after: told });
      const answered = { type: 'subscription', id: stripeSubscriptionId, object, basis };
      if (!object.items.has_more) await recordAnswer({ em, log, operation, sync: syncSubscriptions }, tenant, answered);
      else {
        const lane = laneOf({ connectionId: tenant.connectionId, object: 'subscription', id: stripeSubscriptionId });
        await wakeLanes(em, [lane]);
        operation.waitForLane(lane);
      }
      return id;
    },
  });
  return asked.catch(async (failure) => {
    const isRefused = stripeId && !(failure instanceof Refusal) && !isStripeTrouble(failure);
    if (isRefused && (await isOver(stripe, stripeId))) throw hasEnded();
    throw failure;
  });
}

/** Whether it ended without our knowing yet, which Stripe says in many words. */
async function isOver(stripe: Stripe, id: string): Promise<boolean> {
  const now = await stripe.subscriptions.retrieve(id).catch(() => null);
  return now !== null && now.ended_at !== null;
}
