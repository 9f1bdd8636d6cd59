import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { behave, misbehave } from '../rig/faults.ts';
import { nextSecond, type Person, type Referrals, referralsOf, usualTerms } from '../rig/referrals.ts';

/** What becomes of a referral, told in order and with its first payment last: it ends the same. */

let billgraph: Billgraph;
let tenant: TestTenant;
let referrals: Referrals;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  referrals = referralsOf(billgraph, tenant);
});
afterAll(() => billgraph.close());

type Payment = { who?: 'referrer' | 'referee'; amount?: number; currency?: string };
type Story = {
  terms?: object;
  /** Paid in the second before the next one. */
  first: Payment & { beforeTheCode?: boolean };
  next: Payment[];
  /** Status, reason, and what both have been credited. */
  ends: [string, string | null, number, number];
};
const euro = { currency: 'eur' };
const stories: Record<string, Story> = {
  'dollars, and then euros': {
    terms: { refereeCredit: null },
    first: {},
    next: [euro],
    ends: ['CONVERTED', null, 1000, 0],
  },
  'euros, and then dollars': {
    terms: { refereeCredit: null },
    first: euro,
    next: [{}],
    ends: ['REJECTED', 'CURRENCY_MISMATCH', 0, 0],
  },
  'dollars, and then euros, by one who was credited when he applied the code': {
    terms: { refereeCreditAt: 'APPLY' },
    first: {},
    next: [euro],
    ends: ['CONVERTED', null, 1000, 500],
  },
  'before the code, and after it': {
    first: { beforeTheCode: true },
    next: [{}],
    ends: ['REJECTED', 'ALREADY_PAYING', 0, 0],
  },
  'less than the minimum, and then enough': {
    terms: { minimumPaidAmount: '2000' },
    first: { amount: 1_999 },
    next: [{ amount: 2_000 }],
    ends: ['CONVERTED', null, 1000, 500],
  },
  'enough, and then less than the minimum': {
    terms: { minimumPaidAmount: '2000' },
    first: { amount: 2_000 },
    next: [{ amount: 1_999 }],
    ends: ['CONVERTED', null, 1000, 500],
  },
  "the referrer's dollars, then his euros": {
    terms: { refereeCredit: null },
    first: { who: 'referrer' },
    next: [{ ...euro, who: 'referrer' }, {}],
    ends: ['CONVERTED', null, 1000, 0],
  },
};

type Told = Story & { title: string; referrer: Person; referee: Person; id?: string };

async function pay(story: Told, { who = 'referee', ...payment }: Payment): Promise<void> {
  // The same card would be the same person.
  const number = who === 'referrer' ? '5555555555554444' : undefined;
  await referrals.pay(story[who], { ...payment, number });
}

async function endsOf({ referrer, referee, id }: Told): Promise<Story['ends']> {
  const { status, reason } = await referrals.look(id!);
  return [status, reason, await referrals.credited(referrer), await referrals.credited(referee)];
}

const allEnds = async (told: Told[]) =>
  Object.fromEntries(await Promise.all(told.map(async (story) => [story.title, await endsOf(story)])));

async function tellWhatWasDropped(): Promise<void> {
  const { stripe } = tenant;
  const query = '/_sandbox/deliveries?state=failed&limit=100';
  const { data, has_more } = (await stripe.rawRequest('GET', query)) as unknown as {
    data: { id: string }[];
    has_more: boolean;
  };
  expect([data.length > 0, has_more]).toEqual([true, false]);
  for (const { id } of data.reverse()) await stripe.rawRequest('POST', `/_sandbox/deliveries/${id}/replay`);
  await billgraph.settled();
}

it.each(['in order', 'with its first payment last'])('ends the same told %s', { timeout: 60_000 }, async (order) => {
  const isLate = order !== 'in order';
  const told = await Promise.all(
    Object.entries(stories).map(async ([title, story]): Promise<Told> => {
      const [referrer, referee] = await Promise.all([referrals.newCustomer(), referrals.newCustomer()]);
      return { title, ...story, referrer, referee };
    }),
  );
  const payFirst = async (which: Told[]) => {
    await billgraph.settled();
    if (isLate) await misbehave(tenant, { kind: 'webhook_drop' });
    await Promise.all(which.map((story) => pay(story, story.first)));
    await billgraph.settled();
    await behave(tenant);
    await nextSecond();
  };
  await payFirst(told.filter(({ first }) => first.beforeTheCode));
  for (const story of told) {
    await referrals.configure({ ...usualTerms, ...story.terms });
    const code = await referrals.newCode(story.referrer);
    story.id = (await referrals.apply(story.referee, code)).id;
  }
  await payFirst(told.filter(({ first }) => !first.beforeTheCode));
  for (const story of told) for (const payment of story.next) await pay(story, payment);
  await billgraph.settled();
  const ends = Object.fromEntries(told.map(({ title, ends }) => [title, ends]));
  if (isLate) {
    expect(await allEnds(told)).not.toEqual(ends);
    await tellWhatWasDropped();
  }
  expect(await allEnds(told)).toEqual(ends);
});
