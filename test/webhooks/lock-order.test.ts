import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openOrm } from '../../src/database/open-orm.ts';
import { sqlStateOf } from '../../src/database/sql-state.ts';
import { type Write, writeSeen } from '../../src/ingestion/mirror/write-seen.ts';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aCharge, aDispute, aPayment, aPaymentMethod } from './payment-objects.ts';
import { aCustomer, aPrice, aProduct } from './stripe-objects.ts';

/** Transactions that write the same rows take them in the same order, and none of them hinders those that refer to them. */
const rounds = 40;
const many = Array.from({ length: 12 }, (_, n) => n);

let ingestion: Ingestion;
let connection: TestConnection;
let ours: { billgraph_project_id: string };
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection();
  ours = { billgraph_project_id: connection.projectIds[0]! };
});
afterAll(() => ingestion.close());

it('writes a new email address while somebody inserts a row that refers to the customer', async () => {
  const created = 1_790_000_000;
  const bring = async (type: string, fields: object, second: number) => {
    const object = aCustomer('cus_referred', { metadata: ours, ...fields });
    await deliver(ingestion, connection, anEvent(type, object, { created: created + second }));
  };
  await bring('customer.created', { email: 'old@example.com' }, 0);
  await ingestion.worker.idle();
  const somebody = new pg.Client(ingestion.database.url);
  await somebody.connect();
  try {
    // What PostgreSQL does for a foreign key.
    await somebody.query('begin');
    await somebody.query(`select from customer where stripe_customer_id = 'cus_referred' for key share`);
    await bring('customer.updated', { email: 'new@example.com' }, 1);
    await ingestion.worker.idle();
    const [row] = await ingestion.rows(`select email from customer where stripe_customer_id = 'cus_referred'`);
    expect(row).toEqual({ email: 'new@example.com' });
  } finally {
    await somebody.end();
  }
});

/**
 * Two transactions at a time, many times; each round both bring something newer.
 * @returns PostgreSQL's codes of what failed.
 */
async function race(first: (round: number) => Bring[], second: (round: number) => Bring[]) {
  const open = (await ingestion.connections.byId(connection.id))!;
  const orms = [1, 2].map(() => openOrm(ingestion.database.url, { poolSize: 1 }));
  const log = { warn() {} };
  const write = ([type, object, deleted]: Bring, round: number): Write => ({
    connection: open,
    type,
    seen: {
      id: object.id,
      object: deleted ? null : object,
      evidence: 1_790_000_000 + round,
      mayReplace: () => true,
      projectHint: connection.projectIds[0]!,
    },
    round: null,
  });
  const failures: (string | undefined)[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const writes = [first(round), second(round)].map((all) => all.map((one) => write(one, round)));
      const done = await Promise.allSettled(
        writes.map((all, index) => orms[index]!.em.fork().transactional((em) => writeSeen({ em, log }, all))),
      );
      for (const result of done) if (result.status === 'rejected') failures.push(sqlStateOf(result.reason));
    }
  } finally {
    for (const orm of orms) await orm.close();
  }
  return failures;
}

type Bring = [type: string, object: { id: string }, deleted?: 'deleted'];

it.each([
  ['customer', (id: string) => aCustomer(id, { email: null, metadata: ours })],
  ['product', (id: string) => aProduct(id, { metadata: ours })],
  ['price', (id: string) => aPrice(id, { product: 'prod_0' })],
] as const)('brings each new %s in one order, however they come', async (type, make) => {
  const id = (round: number, n: number) => `${type}_${round}_${n}`;
  const product: Bring = ['product', aProduct('prod_0', { metadata: ours })];
  await race(
    () => [product],
    () => [],
  );
  const failures = await race(
    (round) => many.map((n) => [type, make(id(round, n))]),
    (round) => many.toReversed().map((n) => [type, make(id(round, n))]),
  );
  // Who comes second finds that it is there, and tries again.
  expect(failures.filter((state) => state !== '23505')).toEqual([]);
});

it('marks charges as disputed in the order in which charges are written', async () => {
  const failures = await race(
    (round) => charged(round, 'a', 'b'),
    (round) => charged(round, 'b', 'a'),
  );
  expect(failures).toEqual([]);

  /** A charge changes, and another one is disputed: the other way round in the other transaction. */
  function charged(round: number, one: string, other: string): Bring[] {
    const charge = (name: string): Bring => [
      'charge',
      aCharge(`ch_${name}_${round - 1}`, {
        customer: null,
        payment_intent: `pi_${name}_${round - 1}`,
        amount_refunded: 1,
      }),
    ];
    const disputed: Bring = ['dispute', aDispute(`dp_${other}_${round}`, { charge: `ch_${other}_${round - 1}` })];
    // What the next round changes.
    const next: Bring[] = [
      ['payment_intent', aPayment(`pi_${one}_${round}`, { customer: null, metadata: ours })],
      [
        'charge',
        aCharge(`ch_${one}_${round}`, { customer: null, metadata: ours, payment_intent: `pi_${one}_${round}` }),
      ],
    ];
    return round ? [charge(one), disputed, ...next] : next;
  }
});

it('detaches payment methods in the order in which they are written', async () => {
  const failures = await race(
    (round) => detached(round, 'a', 'b'),
    (round) => detached(round, 'b', 'a'),
  );
  expect(failures).toEqual([]);

  /** A customer is deleted, and a payment method of the other one changes. */
  function detached(round: number, one: string, other: string): Bring[] {
    const customer = (name: string, round: number) =>
      aCustomer(`cus_${name}_${round}`, { email: null, metadata: ours });
    const method = (name: string, round: number): Bring => [
      'payment_method',
      aPaymentMethod(`pm_${name}_${round}`, { customer: `cus_${name}_${round}` }),
    ];
    const next: Bring[] = [['customer', customer(one, round)], method(one, round)];
    const before = round - 1;
    return round ? [['customer', customer(one, before), 'deleted'], method(other, before), ...next] : next;
  }
});
