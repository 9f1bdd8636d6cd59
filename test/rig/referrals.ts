import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { type Billgraph, type TestTenant } from './billgraph.ts';
import { asOwner } from './database.ts';
import { type Answer, ask } from './graph.ts';

const money = '{ amount currency }';
const reward = `{ id beneficiary status reason invoiceId holdUntil creditedAt endedAt amount ${money} customer { id } }`;
const referral = `{ id status reason referrer { id } referee { id } code { id code } appliedAt qualifiedAt holdUntil convertedAt endedAt rewards(first: 20) { nodes ${reward} } }`;
const code = '{ id code custom active deactivatedAt customer { id } }';
const config = `{ environment enabled currency referrerCredit ${money} refereeCredit ${money} refereeCreditAt holdDays cap { referrals period } minimumPaidAmount ${money} rewardedInvoices }`;

const selections = {
  updateReferralConfig: `config ${config}`,
  createReferralCode: `referralCode ${code}`,
  deactivateReferralCode: `referralCode ${code}`,
  applyReferral: `referral ${referral}`,
};

export type Person = { id: string; stripeCustomerId: string; email: string };

type Paid = { amount?: number; currency?: string; number?: string };

export const numbers = {
  visa: '4242424242424242',
  mastercard: '5555555555554444',
  /** The payer's bank disputes the charge. */
  disputed: '4000000000000259',
  /** The payer's bank asks about the charge. */
  inquired: '4000000000001976',
  /** A refund of it fails, moments later. */
  refundFails: '4000000000005126',
};

/** Credit for both, at once, of the first invoice. */
export const usualTerms = {
  enabled: true,
  currency: 'USD',
  referrerCredit: '1000',
  refereeCredit: '500',
  refereeCreditAt: 'CONVERSION',
  holdDays: 0,
  cap: null,
  minimumPaidAmount: null,
  rewardedInvoices: 1,
};

/** Stripe's instants are whole seconds: what is paid after this is later by its clock. */
export async function nextSecond(): Promise<void> {
  const second = () => Math.floor(Date.now() / 1000);
  const now = second();
  await expect.poll(second, { interval: 20, timeout: 5_000 }).toBeGreaterThan(now);
}

export type Referrals = ReturnType<typeof referralsOf>;

/** The referral programme of a tenant, as its backend uses it; and customers who pay by cards of their own. */
export function referralsOf(billgraph: Billgraph, tenant: TestTenant) {
  const { stripe, apiKey } = tenant;

  const call = (
    name: keyof typeof selections,
    input: object = {},
    credential: string | null = apiKey,
  ): Promise<Answer> =>
    ask(
      billgraph,
      credential,
      `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${selections[name]} } }`,
      { input },
    );

  async function made(name: keyof typeof selections, input: object = {}) {
    const { data, errors } = await call(name, input);
    if (errors) throw new Error(`${name}: ${JSON.stringify(errors)}`);
    return Object.values(data[name])[0] as any;
  }

  async function newCustomer(email = `${randomBytes(6).toString('hex')}@example.com`): Promise<Person> {
    const document =
      'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id stripeCustomerId email } } }';
    const { data, errors } = await ask(billgraph, apiKey, document, { input: { email } });
    if (errors) throw new Error(JSON.stringify(errors));
    return data.createCustomer.customer;
  }

  /** A card of the customer's, by Stripe's test numbers: the same number is the same card, whoever has it. */
  async function newCard(customer: Person, number: string = numbers.visa): Promise<string> {
    const card = { number, exp_month: 12, exp_year: 2034, cvc: '123' };
    const { id } = await stripe.paymentMethods.create({ type: 'card', card });
    await stripe.paymentMethods.attach(id, { customer: customer.stripeCustomerId });
    return id;
  }

  return {
    call,
    made,
    newCustomer,
    newCard,
    configure: (change: object) => made('updateReferralConfig', change),
    newCode: (customer: { id: string }, input: object = {}) =>
      made('createReferralCode', { customerId: customer.id, ...input }),
    apply: (customer: { id: string }, { code }: { code: string }) =>
      made('applyReferral', { customerId: customer.id, code }),
    /** The customer pays an invoice of so much, by a card with this number. */
    async pay(customer: Person, { amount = 2_900, currency = 'usd', number }: Paid = {}) {
      const payment_method = await newCard(customer, number);
      const of = { customer: customer.stripeCustomerId, currency };
      const draft = await stripe.invoices.create({ ...of, default_payment_method: payment_method });
      await stripe.invoiceItems.create({ ...of, invoice: draft.id!, amount });
      return stripe.invoices.pay(draft.id!);
    },
    /** Gives back so much of an invoice, or all of it. */
    async refund(invoice: { id?: string }, amount?: number) {
      const { data } = await stripe.invoicePayments.list({ invoice: invoice.id! });
      return stripe.refunds.create({ payment_intent: data[0]!.payment.payment_intent as string, amount });
    },
    async look(id: string, credential: string | null = apiKey): Promise<any> {
      const document = `query ($id: ID!) { node(id: $id) { ... on Referral ${referral} } }`;
      const { data, errors } = await ask(billgraph, credential, document, { id });
      if (errors) throw new Error(JSON.stringify(errors));
      return data.node;
    },
    referrals: (filter: object = {}, credential: string | null = apiKey): Promise<Answer> =>
      ask(
        billgraph,
        credential,
        `query ($filter: ReferralFilter) { referrals(first: 20, filter: $filter) { nodes ${referral} totalCount } }`,
        { filter },
      ),
    codes: (filter: object = {}, credential: string | null = apiKey): Promise<Answer> =>
      ask(
        billgraph,
        credential,
        `query ($filter: ReferralCodeFilter) { referralCodes(first: 100, filter: $filter) { nodes ${code} } }`,
        { filter },
      ),
    config: (credential: string | null = apiKey): Promise<Answer> =>
      ask(billgraph, credential, `{ referralConfig ${config} }`),
    /** As if the hold had just ended. */
    async endHold({ id }: { id: string }): Promise<void> {
      await this.hasten(id);
      await billgraph.settled();
    },
    /** The same, and nobody waits for what comes of it. */
    async hasten(id: string): Promise<void> {
      const sql = (text: string) => asOwner(billgraph.databaseUrl, text, [id]);
      await sql(
        `update referral_reward set hold_until = now() - interval '1 second' where referral_id = $1 and status = 'HELD'`,
      );
      await sql(`update lane set run_at = now(), gen = gen + 1 where key = 'referral/' || $1`);
    },
    /** What the ledger owes a customer or has given him, in minor units: what is credited and was not taken back. */
    async credited(customer: { id: string }): Promise<number> {
      const [row] = await asOwner(
        billgraph.databaseUrl,
        `select coalesce(-sum(amount), 0)::int as credited from ledger_entry where customer_id = $1`,
        [customer.id],
      );
      return row.credited;
    },
  };
}
