import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { Refusal } from '../../errors.ts';
import { recordAnswer } from '../../ingestion/mirror/record-answer.ts';
import { withAllItems } from '../../ingestion/mirror/retrieve-subscription.ts';
import { laneOf } from '../../ingestion/mirror/stripe-lane.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import type { Note, Progress, StripeOptions } from '../../operations/operation.ts';
import type { InputFields } from '../../stripe/input-fields.ts';
import { isBadRequest } from '../../stripe/stripe-trouble.ts';
import { translateStripeFailure } from '../../stripe/translate-stripe-failure.ts';
import type { Tenant } from '../../tenant.ts';
import { syncSubscriptions } from '../subscriptions/sync-subscriptions.ts';
import { type FoundSubscription, findSubscription, hasEnded } from './find-subscription.ts';
import { releaseSchedule, scheduleOf } from './pending-schedule.ts';
import type { SubscriptionTools, WhichSubscription } from './subscription-tools.ts';

export type SubscriptionStep<Parameters> = {
  /**
   * What becomes of a change that is pending, by a schedule of ours at Stripe: it stays; Stripe takes it along with the subscription, which ends; it is
   * taken back afterwards, so that it is there still where Stripe refuses; or first, since Stripe lets nobody say when a subscription ends that is under
   * a schedule. Where Stripe then refuses the end, the change is gone all the same: the refusal says so, and the audit log.
   */
  pending: 'stays' | 'goes along' | 'goes first' | 'goes afterwards';
  /** Decides what Stripe is asked, in the transaction; or refuses. */
  decide(em: EntityManager, subscription: FoundSubscription): Promise<Parameters> | Parameters;
  /** Asks Stripe. */
  send(
    stripeSubscriptionId: string,
    parameters: Parameters,
    options: StripeOptions,
    progress: Progress,
  ): Promise<Answer>;
  /** Writes down of ours what goes with it, in the transaction that writes the row. */
  record?(
    em: EntityManager,
    prepared: { id: string; parameters: Parameters },
    answer: Stripe.Subscription,
  ): Promise<void>;
  /** Our input's words for Stripe's parameters: see inputFieldOf. */
  fields?: InputFields | ((parameters: Parameters) => InputFields);
  /** What the audit log tells of it. */
  told: Record<string, unknown>;
};

type Prepared<Parameters> = {
  id: string;
  stripeSubscriptionId: string;
  basis: number;
  /** Of the change that is pending, where it goes. */
  scheduleId: string | null;
  parameters: Parameters;
};
type Answer = Stripe.Response<Stripe.Subscription>;

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
  let isPendingGone = false;
  const bringRow = async (em: EntityManager, id: string) => {
    const lane = laneOf({ connectionId: tenant.connectionId, object: 'subscription', id });
    await wakeLanes(em, [lane]);
    operation.waitForLane(lane);
  };
  const asked = operation.askStripe<Prepared<Parameters>, Answer, string>({
    async prepare(em) {
      const subscription = await findSubscription({ em }, tenant, which);
      const { id, stripeSubscriptionId, evidence: basis } = subscription;
      const scheduleId = pending === 'stays' ? null : scheduleOf(subscription);
      return { id, stripeSubscriptionId, basis, scheduleId, parameters: await decide(em, subscription) };
    },
    async send({ stripeSubscriptionId, scheduleId, parameters }, options, progress) {
      stripeId = stripeSubscriptionId;
      if (scheduleId && pending === 'goes first') {
        await releaseSchedule(stripe, scheduleId, options);
        progress.part = true;
      }
      const changed = await send(stripeSubscriptionId, parameters, options, progress);
      progress.part = true;
      const answer = scheduleId && pending === 'goes afterwards' ? await letGo(scheduleId, changed, options) : changed;
      // It is done, whatever becomes of the rest of its items.
      return withAllItems(stripe, answer).catch(() => answer);
    },
    fields: ({ parameters }) => (typeof fields === 'function' ? fields(parameters) : fields),
    async record(em, { id, stripeSubscriptionId, basis, parameters }, object, note) {
      note({ subjectType: 'Subscription', subjectId: id, after: told });
      const answered = { type: 'subscription', id: stripeSubscriptionId, object, basis };
      if (!object.items.has_more) await recordAnswer({ em, log, operation, sync: syncSubscriptions }, tenant, answered);
      else await bringRow(em, stripeSubscriptionId);
      await record?.(em, { id, parameters }, object);
      return id;
    },
    // Where it is done and the change that was pending would not go, the call stays open instead.
    ...(pending === 'goes first' ? { recordPart } : {}),
  });
  async function recordPart(em: EntityManager, { id, stripeSubscriptionId }: Prepared<Parameters>, note: Note) {
    isPendingGone = true;
    note({ subjectType: 'Subscription', subjectId: id, after: { pendingChange: null } });
    await bringRow(em, stripeSubscriptionId);
  }
  async function letGo(scheduleId: string, { id }: Stripe.Subscription, options: StripeOptions) {
    await releaseSchedule(stripe, scheduleId, options);
    return stripe.subscriptions.retrieve(id);
  }
  return asked.catch(async (failure) => {
    if (stripeId && isBadRequest(failure) && (await isOver(stripe, stripeId))) throw hasEnded();
    const refusal = isPendingGone ? translateStripeFailure(failure) : null;
    throw refusal
      ? new Refusal(
          refusal.code,
          `${refusal.message} What was to change at the end of the period is taken back.`,
          refusal.details,
        )
      : failure;
  });
}

/** Whether it ended without our knowing yet, which Stripe says in many words. */
async function isOver(stripe: Stripe, id: string): Promise<boolean> {
  const now = await stripe.subscriptions.retrieve(id).catch(() => null);
  return now !== null && now.ended_at !== null;
}
