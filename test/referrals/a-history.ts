import type Stripe from 'stripe';
import type { TestTenant } from '../rig/billgraph.ts';
import { numbers, type Person, type Referrals } from '../rig/referrals.ts';
import type { Random } from '../storm/random.ts';

/** Somebody who applied a code, what was agreed then, and what he paid since. */
export type History = {
  referrer: Person;
  referee: Person;
  referralId: string;
  terms: Terms;
  /** What is left to happen, in this order, when what was earned so far may have been credited. */
  later: (() => Promise<unknown>)[];
};

export type Terms = {
  referrerCredit: string | null;
  refereeCredit: string | null;
  refereeCreditAt: 'APPLY' | 'CONVERSION';
  holdDays: number;
  minimumPaidAmount: string | null;
  rewardedInvoices: number;
};

export const someTerms = (random: Random): Terms => ({
  referrerCredit: String(100 + random.below(2_000)),
  refereeCredit: random.chance(0.7) ? String(100 + random.below(1_000)) : null,
  refereeCreditAt: random.pick(['APPLY', 'CONVERSION']),
  holdDays: random.pick([0, 0, 14]),
  minimumPaidAmount: random.chance(0.3) ? '1500' : null,
  rewardedInvoices: 1 + random.below(3),
});

type Tools = { tenant: TestTenant; referrals: Referrals; random: Random };

/** Lives through what can become of a referral: the referee applies, pays, gets money back, disputes; holds end at any time between. */
export async function liveAHistory(
  { tenant, referrals, random }: Tools,
  { referrer, code, terms }: { referrer: Person; code: { code: string }; terms: Terms },
): Promise<History> {
  const { stripe } = tenant;
  const referee = await referrals.newCustomer();
  const applied = Array.from({ length: random.chance(0.3) ? 4 : 1 }, () => referrals.apply(referee, code));
  const ids = new Set((await Promise.all(applied)).map(({ id }) => id));
  const [referralId] = ids;
  if (ids.size !== 1) throw new Error(`Applied at once, a code made ${ids.size} referrals.`);
  const later: History['later'] = [];
  for (let left = 1 + random.below(3); left; left--) {
    const steps = random.chance(0.85) ? await payOne() : [neverPay];
    for (const step of steps) {
      if (random.chance(0.3)) await referrals.hasten(referralId!);
      if (later.length || random.chance(0.6)) later.push(step);
      else await step();
    }
  }
  return { referrer, referee, referralId: referralId!, terms, later };

  /** @returns what happens to the money afterwards. */
  async function payOne(): Promise<(() => Promise<unknown>)[]> {
    const amount = 500 + random.below(4_000);
    const fate = random.pick(['kept', 'kept', 'refunded', 'in parts', 'refund fails', 'disputed', 'inquired'] as const);
    const number = { disputed: numbers.disputed, inquired: numbers.inquired, 'refund fails': numbers.refundFails }[
      fate as string
    ];
    // Stripe takes no credit for a referee whom it bills in another currency first.
    const currency = terms.refereeCredit === null && random.chance(0.2) ? 'eur' : 'usd';
    const invoice = await referrals.pay(referee, { amount, number, currency });
    // Credit that the referee has already pays a part of it, or all.
    const paid = invoice.amount_paid;
    if (paid < 2) return [];
    const part = 1 + random.below(paid - 1);
    if (fate === 'refunded') return [() => referrals.refund(invoice)];
    if (fate === 'refund fails') return [() => referrals.refund(invoice, random.chance(0.5) ? part : undefined)];
    if (fate === 'in parts')
      return [
        () => referrals.refund(invoice, part),
        ...(random.chance(0.5) ? [() => referrals.refund(invoice, paid - part)] : []),
      ];
    if (fate === 'disputed' || fate === 'inquired') {
      const [dispute] = await disputesOf(stripe, invoice.id!);
      const uncategorized_text = random.pick(['winning_evidence', 'losing_evidence']);
      const isAnswered = fate === 'inquired' || random.chance(0.7);
      return isAnswered ? [() => stripe.disputes.update(dispute!.id, { evidence: { uncategorized_text } })] : [];
    }
    return [];
  }

  /** An invoice that is void or given up, and perhaps paid all the same. */
  async function neverPay() {
    const of = { customer: referee.stripeCustomerId, currency: 'usd' };
    const card = await referrals.newCard(referee);
    const draft = await stripe.invoices.create({ ...of, default_payment_method: card });
    await stripe.invoiceItems.create({ ...of, invoice: draft.id!, amount: 2_000 });
    await stripe.invoices.finalizeInvoice(draft.id!);
    if (random.chance(0.5)) return stripe.invoices.voidInvoice(draft.id!);
    await stripe.invoices.markUncollectible(draft.id!);
    if (random.chance(0.5)) await stripe.invoices.pay(draft.id!);
  }
}

async function chargesOf(stripe: Stripe, invoice: string): Promise<Stripe.Charge[]> {
  const { data: payments } = await stripe.invoicePayments.list({ invoice });
  const charges: Stripe.Charge[] = [];
  for (const { payment } of payments)
    charges.push(...(await stripe.charges.list({ payment_intent: payment.payment_intent as string })).data);
  return charges.filter(({ status }) => status === 'succeeded');
}

async function disputesOf(stripe: Stripe, invoice: string): Promise<Stripe.Dispute[]> {
  const disputes: Stripe.Dispute[] = [];
  for (const { id, disputed } of await chargesOf(stripe, invoice))
    if (disputed) disputes.push(...(await stripe.disputes.list({ charge: id })).data);
  return disputes;
}

/** What a referral earns both in the end: by what Stripe says of the money alone, in minor units. */
export async function earnedOf(
  { tenant: { stripe } }: { tenant: TestTenant },
  { referee, terms, appliedAt }: History & { appliedAt: number },
): Promise<{ referrer: number; referee: number }> {
  const minimum = Math.max(1, Number(terms.minimumPaidAmount ?? 1));
  const { data: invoices } = await stripe.invoices.list({ customer: referee.stripeCustomerId, limit: 100 });
  const counted = invoices
    .filter(({ status, amount_paid, currency }) => status === 'paid' && (currency !== 'usd' || amount_paid >= minimum))
    .filter(({ amount_paid }) => amount_paid > 0)
    .filter(({ status_transitions }) => status_transitions.paid_at! >= Math.floor(appliedAt))
    .sort((a, b) => a.status_transitions.paid_at! - b.status_transitions.paid_at! || (a.id! < b.id! ? -1 : 1))
    .slice(0, terms.rewardedInvoices);
  const counts: boolean[] = [];
  for (const { id, amount_paid, currency } of counted) {
    const charges = await chargesOf(stripe, id!);
    const refunded = charges.reduce((sum, { amount_refunded }) => sum + amount_refunded, 0);
    const taken = (await disputesOf(stripe, id!)).filter(({ status }) =>
      ['needs_response', 'under_review', 'lost'].includes(status),
    );
    // Another currency than the credit's takes its place, and earns nothing.
    counts.push(
      currency === 'usd' && amount_paid - refunded - taken.reduce((sum, { amount }) => sum + amount, 0) >= minimum,
    );
  }
  const refereeEarns = terms.refereeCreditAt === 'APPLY' ? !counts.length || counts.some(Boolean) : Boolean(counts[0]);
  return {
    referrer: counts.filter(Boolean).length * Number(terms.referrerCredit ?? 0),
    referee: refereeEarns ? Number(terms.refereeCredit ?? 0) : 0,
  };
}
