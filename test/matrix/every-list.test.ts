import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomOf } from '../reader/tenants.ts';
import { type Billgraph, startBillgraph } from '../rig/billgraph.ts';
import { featuresOf } from '../rig/features.ts';
import { createOperator, type TestOperator } from '../rig/operator.ts';
import { writeLives } from '../rig/revenue.ts';
import { openShop, type Shop } from '../rig/shop.ts';
import { type Clones, openClones } from './clone-rows.ts';
import { selectionOf } from './documents.ts';
import {
  connectionFields,
  connections,
  type ListEntry,
  type ListField,
  type Parents,
  plainListFields,
  plainLists,
} from './list-fields.ts';

/** What holds for every list of the graph, whoever adds one: no gap and no repeat while it changes, and no statement for each row. */

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
const random = randomOf(seed);
let billgraph: Billgraph;
let shop: Shop;
let owner: TestOperator;
let parents: Parents;
let rows: Clones;
/** Statements that this process sent to PostgreSQL. */
let sent = 0;
const { query } = pg.Client.prototype;

beforeAll(async () => {
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    sent++;
    return query.apply(this, args as never);
  } as never;
  billgraph = await startBillgraph();
  shop = await openShop(billgraph);
  owner = await createOperator(billgraph, shop.tenant);
  rows = await openClones(billgraph.databaseUrl, random);
  parents = await makeParents();
  // What it asks of itself would be counted.
  await billgraph.app.worker!.stop();
});
afterAll(async () => {
  pg.Client.prototype.query = query;
  await rows?.close();
  await billgraph?.close();
});

/** One row of each kind, so that there is something to copy. */
async function makeParents(): Promise<Parents> {
  const { stripe, connectionId, projectId } = shop.tenant;
  const disputed = await stripe.paymentMethods.attach('pm_card_createDispute', { customer: shop.ada.stripeCustomerId });
  const payment = { customer: shop.ada.stripeCustomerId, payment_method: disputed.id, confirm: true };
  await stripe.paymentIntents.create({ ...payment, amount: 2_000, currency: 'usd' });
  await stripe.customers.createTaxId(shop.ada.stripeCustomerId, { type: 'us_ein', value: '12-3456789' });
  const owing = { customer: shop.ada.stripeCustomerId, collection_method: 'send_invoice', days_until_due: 30 } as const;
  const { id: owed } = await stripe.invoices.create(owing);
  await stripe.invoiceItems.create({ customer: owing.customer, invoice: owed, amount: 500, currency: 'usd' });
  await stripe.invoices.finalizeInvoice(owed!);
  await ask('mutation { inviteMember(input: { email: "i@example.com", role: VIEWER }) { invitation { id } } }');
  await ask(
    'mutation { createMeter(input: { eventName: "calls", displayName: "Calls", aggregation: COUNT }) { __typename } }',
  );
  const events = [{ meter: 'calls', customerId: shop.ada.id }];
  await ask('mutation ($input: ReportUsageInput!) { reportUsage(input: $input) { recorded } }', { input: { events } });
  await billgraph.settled();
  const one = async (statement: string, ...values: unknown[]) => (await rows.sql(statement, values))[0]?.id;
  const charge = await one('select charge_id as id from dispute limit 1');
  const product = await one('select product_id as id from price limit 1');
  await rows.sql(
    `insert into plan (id, project_id, environment, name, price_id, is_default, created_at) select 'plan_1', $1, 'TEST', 'pro', id, false, now() from price limit 1`,
    [projectId],
  );
  const features = featuresOf(billgraph, shop.tenant);
  await features.newFeature('sso');
  await features.made('setProductFeature', { productId: product, feature: 'sso' });
  await features.made('grantFeature', { customerId: shop.ada.id, feature: 'sso', reason: 'For the list.' });
  await ask(
    'mutation { setExchangeRate(input: { from: "EUR", to: "USD", day: "2026-11-21", rate: "1" }) { __typename } }',
  );
  await writeLives(billgraph, shop.tenant, [
    { customer: 'Ada', currency: 'USD', moments: [{ at: new Date(), status: 'ACTIVE', mrr: '2900' }] },
  ]);
  const backfill = `bf_${'0'.repeat(26)}`;
  await rows.sql(
    `insert into backfill (id, connection_id, objects, assign, state, created_at) values ($1, $2, '{CUSTOMERS}', '{}', 'COMPLETED', now())`,
    [backfill, connectionId],
  );
  await rows.sql(
    `insert into backfill_failure (id, backfill_id, object, stripe_id, reason, created_at) values ($1, $2, 'CUSTOMERS', 'cus_1', 'x', now())`,
    [`bff_${'0'.repeat(26)}`, backfill],
  );
  await rows.sql(
    `insert into drift_finding (id, connection_id, object_type, object_id, reason, created_at) values ($1, $2, 'customer', 'cus_1', 'EDITED_IN_STRIPE', now())`,
    [`drift_${'0'.repeat(26)}`, connectionId],
  );
  const side = [projectId, 'TEST'];
  const [endpoint, message] = [`oep_${'0'.repeat(26)}`, `msg_${'0'.repeat(26)}`];
  await rows.sql(
    `insert into outgoing_endpoint (id, project_id, environment, url, event_types, created_at, updated_at) values ($1, $2, $3, 'https://example.com', '{usage.*}', now(), now())`,
    [endpoint, ...side],
  );
  await rows.sql(
    `insert into outgoing_message (id, project_id, environment, type, data, occurred_at, created_at) values ($1, $2, $3, 'endpoint.test', '{}', now(), now())`,
    [message, ...side],
  );
  await rows.sql(
    `insert into outgoing_delivery (id, project_id, environment, message_id, endpoint_id, type, status, created_at) values ($1, $2, $3, $4, $5, 'endpoint.test', 'DELIVERED', now())`,
    [`odl_${'0'.repeat(26)}`, ...side, message, endpoint],
  );
  await rows.sql(`update usage_forwarding set state = 'FAILED'`);
  await rows.sql(
    `insert into meter_error_report
       (id, connection_id, stripe_event_id, stripe_meter_id, summary, window_start, window_end, error_count, reasons, created_at)
     select $1, $2, 'evt_1', stripe_meter_id, 'x', now(), now(), 1, '[]', now() from meter limit 1`,
    [`mer_${'0'.repeat(26)}`, connectionId],
  );
  const referral = await makeReferral();
  // Of nothing, so that copies of it sum to zero.
  await rows.sql(
    `insert into ledger_entry (id, project_id, environment, transaction_id, key, kind, account, customer_id, amount, currency, reward_id, created_at)
     values ($1, $2, $3, 'ltx_1', 'x', 'CREDIT', 'CUSTOMER_CREDIT', $4, 0, 'USD', 'rew_1', now())`,
    [`led_${'0'.repeat(26)}`, ...side, shop.ada.id],
  );
  await rows.sql(
    `insert into referral_payout (id, project_id, environment, customer_id, reward_id, kind, amount, currency, created_at)
     values ($1, $2, $3, $4, 'rew_1', 'CREDIT', 1, 'USD', now())`,
    [`rpo_${'0'.repeat(26)}`, ...side, shop.ada.id],
  );
  return {
    referral,
    customer: shop.ada.id,
    subscription: await one('select id from subscription where customer_id = $1', shop.ada.id),
    invoice: await one('select id from invoice where customer_id = $1', shop.ada.id),
    payment: await one('select payment_id as id from charge where id = $1', charge),
    charge,
    product,
    backfill,
  };
}

/** That Ada referred somebody new, with a reward. */
async function makeReferral(): Promise<string> {
  const done = await ask(`mutation {
    updateReferralConfig(input: { enabled: true, currency: "USD", referrerCredit: 500 }) { __typename }
    createReferralCode(input: { customerId: "${shop.ada.id}" }) { referralCode { code } }
    createCustomer(input: { email: "friend@example.com" }) { customer { id } }
  }`);
  const { code } = done.createReferralCode.referralCode;
  const input = { code, customerId: done.createCustomer.customer.id };
  const apply = 'mutation ($input: ApplyReferralInput!) { applyReferral(input: $input) { referral { id } } }';
  const { id } = (await ask(apply, { input })).applyReferral.referral;
  // A customer has many of those that were chosen.
  await rows.sql('update referral_code set custom = true');
  await rows.sql(
    `insert into referral_reward (id, project_id, environment, referral_id, customer_id, beneficiary, invoice_id, amount, currency, status, hold_until, created_at, updated_at)
     select $1, r.project_id, r.environment, r.id, r.referrer_id, 'REFERRER', i.id, 500, 'USD', 'HELD', now(), now(), now()
     from referral r join invoice i on i.customer_id = r.referrer_id where r.id = $2 limit 1`,
    [`rew_${'0'.repeat(26)}`, id],
  );
  return id;
}

const ask = async (document: string, variables: Record<string, unknown> = {}) => {
  const at = { 'billgraph-project': shop.tenant.projectId };
  const { data, errors } = await owner.ask(document, variables, at);
  expect(errors, document).toBeUndefined();
  return data;
};

const nameIn = (name: string) => name.split('.')[1]!;
const pageOf = ({ args = '' }: ListEntry) => `(first: $first, after: $after, last: $last, before: $before ${args})`;
const head = 'query ($first: Int, $after: String, $last: Int, $before: String)';

/** What a document answered for the field, however deep it stands. */
function answerOf(data: any, field: string): any {
  if (typeof data !== 'object' || data === null) return undefined;
  return field in data
    ? data[field]
    : Object.values(data)
        .map((inner) => answerOf(inner, field))
        .find(Boolean);
}

async function readPage(name: string, entry: ListEntry, variables: object) {
  const field = nameIn(name);
  const selection = `${field}${pageOf(entry)} { pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor } }`;
  const data = await ask(`${head} { ${entry.within(parents).replace('%', selection)} }`, { ...variables });
  const { pageInfo, edges } = answerOf(data, field);
  return { pageInfo, ids: edges.map(({ cursor }: { cursor: string }) => idIn(cursor)) as string[] };
}

/** A cursor holds the instant and the id, or whatever tells the rows of its table apart. */
const idIn = (cursor: string) => Buffer.from(cursor, 'base64url').toString().split(' ').at(-1)!;

/** The whole list, which stands still. */
async function readAll(name: string, entry: ListEntry): Promise<string[]> {
  const all: string[] = [];
  for (let after: string | null = null, goesOn = true; goesOn; ) {
    const { pageInfo, ids } = await readPage(name, entry, { first: 100, after });
    all.push(...ids);
    after = pageInfo.endCursor;
    goesOn = pageInfo.hasNextPage;
  }
  return all;
}

it('every list is entered, and no other', () => {
  const namesOf = (fields: ListField[]) => fields.map(({ name }) => name).sort();
  expect(Object.keys(connections).sort()).toEqual(namesOf(connectionFields));
  expect(Object.keys(plainLists).sort()).toEqual(namesOf(plainListFields));
});

describe(`a walk through a connection while rows come and go, with SEED=${seed}`, () => {
  it.each(Object.entries(connections))('%s', async (name, entry) => {
    const { table } = entry;
    const [template] = await readAll(name, entry);
    expect(template, 'a row to copy').toBeDefined();
    for (const backwards of [false, true]) {
      const made = await rows.clone(table, template!, 11);
      const leaving = made.splice(0, 4);
      const staying = (await readAll(name, entry)).filter((id) => !leaving.includes(id));
      expect(staying).toEqual(expect.arrayContaining(made));
      const size = Math.ceil(staying.length / 3);
      const met: string[] = [];
      const come: string[] = [];
      for (let at: string | null = null, goesOn = true; goesOn; ) {
        const where = backwards ? { last: size, before: at } : { first: size, after: at };
        const { pageInfo, ids } = await readPage(name, entry, where);
        if (backwards) met.unshift(...ids);
        else met.push(...ids);
        at = backwards ? pageInfo.startCursor : pageInfo.endCursor;
        goesOn = backwards ? pageInfo.hasPreviousPage : pageInfo.hasNextPage;
        come.push(...(await rows.clone(table, template!, 1)));
        // Where it can be, the very row whose cursor is gone on from.
        const last = backwards ? ids[0] : ids.at(-1);
        const gone = leaving.includes(last!) || come.includes(last!) ? last! : leaving.pop();
        if (gone) await rows.remove(table, [gone]);
      }
      expect(new Set(met).size, 'no row twice').toBe(met.length);
      expect(
        met.filter((id) => staying.includes(id)),
        'every row that stayed, in order',
      ).toEqual(staying);
      await rows.remove(table, [...made, ...leaving, ...come]);
    }
  });
});

type Question = { document: string; variables?: object; found: (data: any) => unknown[]; count: number };

async function statementsOf({ document, variables, found, count }: Question): Promise<number> {
  const before = sent;
  const data = await ask(document, { ...variables });
  const statements = sent - before;
  expect(found(data)).toHaveLength(count);
  return statements;
}

/**
 * Presence and usage are written now and then, on a busy machine several times in a
 * row: each is asked again, up to ten times, until both have been alone.
 */
async function costsTheSame(name: string, few: () => Promise<number>, many: () => Promise<number>): Promise<void> {
  let [least, most] = [await few(), await many()];
  for (let n = 0; n < 10 && least !== most; n++) {
    least = Math.min(least, await few());
    most = Math.min(most, await many());
  }
  expect([name, most]).toEqual([name, least]);
}

describe('costs the same statements for 2 rows as for 20', () => {
  it.each(connectionFields)('$name, with what is in it', async ({ name, field }) => {
    const entry = connections[name]!;
    const [template] = await readAll(name, entry);
    const made = await rows.clone(entry.table, template!, 20);
    const asked = `${nameIn(name)}(first: $first ${entry.args ?? ''}) ${selectionOf(field)}`;
    const document = `query ($first: Int) { ${entry.within(parents).replace('%', asked)} }`;
    const nodesOf = (data: any) => answerOf(data, nameIn(name)).nodes;
    await ask(document, { first: 2 });
    const costOf = (first: number) => statementsOf({ document, variables: { first }, found: nodesOf, count: first });
    await costsTheSame(
      name,
      () => costOf(2),
      () => costOf(20),
    );
    await rows.remove(entry.table, made);
  });

  it.each(plainListFields.filter(({ name }) => typeof plainLists[name] === 'object'))(
    '$name',
    async ({ name, field }) => {
      const { table, within } = plainLists[name] as ListEntry;
      const document = `{ ${within(parents).replace('%', `${nameIn(name)} ${selectionOf(field)}`)} }`;
      const listOf = (data: any) => answerOf(data, nameIn(name));
      const [{ id: template }] = await rows.sql(`select id from ${table}`);
      const before = listOf(await ask(document)).length;
      const costOf = (count: number) => statementsOf({ document, found: listOf, count });
      let made: string[] = [];
      const few = async () => {
        await rows.remove(table, made.splice(0));
        return costOf(before);
      };
      const many = async () => {
        made = await rows.clone(table, template, 18);
        return costOf(before + 18);
      };
      await costsTheSame(name, few, many);
      await rows.remove(table, made);
    },
  );

  it('and could be told apart: a statement for each row is counted', async () => {
    const before = sent;
    for (const id of ['1', '2']) await ask('query ($id: ID!) { node(id: $id) { id } }', { id });
    expect(sent).toBeGreaterThan(before + 1);
  });
});
