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
import { releaseSchedule, scheduleOf } from './pending-schedule.ts';
import type { SubscriptionTools, WhichSubscription } from './subscription-tools.ts';

export type SubscriptionStep<Parameters> = {
  /**
   * What becomes of a change that is pending, by a schedule of ours at Stripe: it stays; it is taken back first, where Stripe lets nobody else say when a
   * subscription ends; or afterwards, so that it is there still where Stripe refuses.
   */
  pending: 'stays' | 'goes first' | 'goes afterwards';
  /** Decides what Stripe is asked, in the transaction; or refuses. */
  decide(em: EntityManager, subscription: FoundSubscription): Promise<Parameters> | Parameters;
  /** Asks Stripe. */
  send(
    stripeSubscriptionId: string,
    parameters: Parameters,
    options: StripeOptions,
  ): Promise<Stripe.Response<Stripe.Subscription>>;
  /** Writes down of ours what goes with it, in the transaction that writes the row. */
  record?(
    em: EntityManager,
    prepared: { id: string; parameters: Parameters },
    answer: Stripe.Subscription,
  ): Promise<void>;
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
  { pending, decide, send, record, fields = {}, told }: SubscriptionStep<Parameters>,
): Promise<string> {
  let stripeId = '';
  const asked = operation.askStripe({
    async prepare(em) {
      const subscription = await findSubscription({ em }, tenant, which);
      const { id, stripeSubscriptionId, evidence: basis } = subscription;
      const scheduleId = pending === 'stays' ? null : scheduleOf(subscription);
      return { id, stripeSubscriptionId, basis, scheduleId, parameters: await decide(em, subscription) };
    },
    async send({ stripeSubscriptionId, scheduleId, parameters }, options) {
      stripeId = stripeSubscriptionId;
      if (scheduleId && pending === 'goes first') await releaseSchedule(stripe, scheduleId, options);
      const changed = await send(stripeSubscriptionId, parameters, options);
      const answer = scheduleId && pending === 'goes afterwards' ? await letGo(scheduleId, changed, options) : changed;
      // It is done, whatever becomes of the rest of its items.
      return withAllItems(stripe, answer).catch(() => answer);
    },
    fields,
    async record(em, { id, stripeSubscriptionId, basis, parameters }, object, note) {
      note({ subjectType: 'Subscription', subjectId: id, after: told });
      const answered = { type: 'subscription', id: stripeSubscriptionId, object, basis };
      if (!object.items.has_more) await recordAnswer({ em, log, operation, sync: syncSubscriptions }, tenant, answered);
      else {
        const lane = laneOf({ connectionId: tenant.connectionId, object: 'subscription', id: stripeSubscriptionId });
        await wakeLanes(em, [lane]);
        operation.waitForLane(lane);
      }
      await record?.(em, { id, parameters }, object);
      return id;
    },
  });
  async function letGo(scheduleId: string, { id }: Stripe.Subscription, options: StripeOptions) {
    await releaseSchedule(stripe, scheduleId, options);
    return stripe.subscriptions.retrieve(id);
  }
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
