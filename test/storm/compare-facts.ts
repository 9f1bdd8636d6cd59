import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import type { StripeInMotion, StripeObject } from './stripe-in-motion.ts';

type Fact = { type: string; subject: string; key: string; before: Facts | null; after: Facts };
type Facts = Record<string, unknown>;

/**
 * Examines what was told of the changes: each fact once, and none that the object's history does not know.
 * @returns what is wrong, a line each; and how many facts of each type there are.
 */
export async function compareFacts(database: pg.Client, { histories, objects }: StripeInMotion) {
  const { rows } = await database.query<Fact>(
    `select billing_event.type, business_key as key, before, after,
       coalesce(subscription.stripe_subscription_id, invoice.stripe_invoice_id, payment.stripe_payment_intent_id,
         charge.stripe_charge_id, dispute.stripe_dispute_id, subject_id) as subject
     from billing_event
     left join subscription on subscription.id = subject_id left join invoice on invoice.id = subject_id
     left join payment on payment.id = subject_id left join charge on charge.id = subject_id
     left join dispute on dispute.id = subject_id
     order by billing_event.id`,
  );
  const counts = Object.fromEntries(
    [...Map.groupBy(rows, ({ type }) => type)].map(([type, { length }]) => [type, length]),
  );
  const bySubject = Map.groupBy(rows, ({ subject }) => subject);
  const faults: string[] = [];
  const failed = [...objects.values()].filter(({ object, status }) => object === 'charge' && status === 'failed');
  const failedOf = Map.groupBy(failed, ({ payment_intent }) => payment_intent as string);
  for (const [id, history] of histories) {
    const facts = bySubject.get(id) ?? [];
    bySubject.delete(id);
    if (id.startsWith('sub_')) faults.push(...(await ofSubscription(database, id, history.at(-1)!, facts)));
    if (id.startsWith('in_')) faults.push(...ofInvoice(id, history.at(-1)!, facts));
    if (id.startsWith('pi_')) faults.push(...ofPayment(id, history, failedOf.get(id) ?? [], facts));
    if (id.startsWith('ch_')) faults.push(...ofCharge(id, history, facts));
    if (id.startsWith('du_')) faults.push(...ofDispute(id, history.at(-1)!, facts));
  }
  for (const id of bySubject.keys()) faults.push(`facts: of ${id}, which is not in Stripe`);
  return { faults, facts: counts };
}

/** Its revisions are a chain: each begins where the one before it ended, and the last one is what the row says. */
async function ofSubscription(database: pg.Client, id: string, last: StripeObject, facts: Fact[]): Promise<string[]> {
  const faults: string[] = [];
  const sum: Facts = {};
  for (const { type, key, before, after } of facts.filter(({ type }) => type !== 'subscription.ended')) {
    if ((type === 'subscription.created') !== (before === null)) faults.push(`facts: ${key} begins in the middle`);
    for (const [name, value] of Object.entries(before ?? {}))
      if (!isDeepStrictEqual(sum[name], value)) faults.push(`facts: ${key} says that ${name} was something else`);
    Object.assign(sum, after);
  }
  const revisions = facts
    .filter(({ type }) => type === 'subscription.updated')
    .map(({ key }) => Number(key.split('/').at(-1)));
  const { rows } = await database.query(
    `select revision, status, quantity, cancel_at_period_end, metadata from subscription where stripe_subscription_id = $1`,
    [id],
  );
  const [{ revision, status, quantity, cancel_at_period_end: cancels, metadata } = {} as Facts] = rows;
  const told = { status: sum.status, quantity: sum.quantity, cancels: sum.cancelAtPeriodEnd, metadata: sum.metadata };
  if (!isDeepStrictEqual(told, { status, quantity, cancels, metadata }))
    faults.push(`facts: of ${id} do not add up to its row`);
  if (revisions.some((one, n) => one !== Number(revision) - revisions.length + 1 + n))
    faults.push(`facts: of ${id} have revisions ${revisions}, and its row ${revision}`);
  const ends = facts.filter(({ type }) => type === 'subscription.ended').length;
  if (ends !== (last.status === 'canceled' ? 1 : 0)) faults.push(`facts: ${id} ended ${ends} times`);
  return faults;
}

/** Nothing of an invoice can be skipped: what it came to stands in it, and each failed attempt has an event. */
function ofInvoice(
  id: string,
  { status_transitions: came, status, attempt_count }: StripeObject,
  facts: Fact[],
): string[] {
  const failures = attempt_count - (status === 'paid' ? 1 : 0);
  const wanted = [
    ...(came.finalized_at ? ['invoice.finalized'] : []),
    ...(came.paid_at ? ['invoice.paid'] : []),
    ...(came.voided_at ? ['invoice.voided'] : []),
    ...(came.marked_uncollectible_at ? ['invoice.marked_uncollectible'] : []),
    ...Array.from({ length: failures }, (_, n) => `invoice.payment_failed/${n + 1}`),
  ].sort();
  const told = facts
    .map(({ type, key }) => (type === 'invoice.payment_failed' ? `${type}/${key.split('/').at(-1)}` : type))
    .sort();
  return isDeepStrictEqual(told, wanted) ? [] : [`facts: of ${id} are ${told}, not ${wanted}`];
}

/** Neither its success nor an attempt that failed can be skipped: that has a charge of its own. */
function ofPayment(id: string, history: StripeObject[], failed: StripeObject[], facts: Fact[]): string[] {
  const faults: string[] = [];
  const successes = facts.filter(({ type }) => type === 'payment.succeeded').length;
  if (successes !== (history.at(-1)!.status === 'succeeded' ? 1 : 0))
    faults.push(`facts: ${id} succeeded ${successes} times`);
  const untold = new Set(failed.map((charge) => charge.id));
  for (const { type, key } of facts)
    if (type === 'payment.failed' && !untold.delete(key.split('/').at(-1)!)) faults.push(`facts: ${key} never failed`);
  for (const charge of untold) faults.push(`facts: nothing tells that ${charge} failed`);
  return faults;
}

/** What is refunded is a chain: each fact begins where the one before it ended, and the last one is what the charge says. */
function ofCharge(id: string, history: StripeObject[], facts: Fact[]): string[] {
  const faults: string[] = [];
  const amounts = new Set(history.map(({ amount_refunded }) => String(amount_refunded)));
  let refunded = '0';
  for (const { key, before, after } of facts) {
    const [was, is] = [before, after].map((state) => (state?.amountRefunded as { amount: string } | undefined)?.amount);
    if ((was ?? '0') !== refunded)
      faults.push(`facts: ${key} begins at ${was}, and the one before ended at ${refunded}`);
    if (!amounts.has(is!)) faults.push(`facts: ${key} tells ${is}, which never was`);
    refunded = is!;
  }
  if (refunded !== String(history.at(-1)!.amount_refunded)) faults.push(`facts: of ${id} end at ${refunded}`);
  return faults;
}

function ofDispute(id: string, { status }: StripeObject, facts: Fact[]): string[] {
  const wanted = ['dispute.created', ...(['won', 'lost'].includes(status) ? ['dispute.closed'] : [])].sort();
  const told = facts.map(({ type }) => type).sort();
  return isDeepStrictEqual(told, wanted) ? [] : [`facts: of ${id} are ${told}, not ${wanted}`];
}
