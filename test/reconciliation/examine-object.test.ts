import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examineObject } from '../../src/ingestion/drift/examine-object.ts';
import { createMirror } from '../../src/ingestion/mirror/create-mirror.ts';
import { TryLater } from '../../src/lanes/lane-kind.ts';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from '../webhooks/ingestion.rig.ts';

let ingestion: Ingestion;
let connection: TestConnection;
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection();
});
afterAll(() => ingestion.close());

const examine = async (type: string, id: string, heal = true) => {
  const { orm, connections } = ingestion;
  const mirror = createMirror({ orm, log: { warn() {} } });
  await examineObject({ orm, mirror }, { connection: (await connections.byId(connection.id))!, type, id, heal });
};

/** A product that Stripe has, and we too. */
async function knownProduct(fields: object = {}) {
  const product = {
    id: `prod_${randomBytes(6).toString('hex')}`,
    object: 'product',
    name: 'Pro',
    description: null,
    active: true,
    metadata: {},
    created: 1_790_000_000,
    livemode: false,
    ...fields,
  };
  ingestion.stripe.objects.set(product.id, product);
  await deliver(ingestion, connection, anEvent('product.created', product));
  await ingestion.worker.idle();
  return product;
}

const findingsOf = (id: string) =>
  ingestion.rows(
    `select field, local, stripe, reason, healed_at is not null as healed from drift_finding where object_id = $1 order by id`,
    [id],
  );
const nameOf = async (id: string) =>
  (await ingestion.rows<{ name: string }>('select name from product where stripe_product_id = $1', [id]))[0]?.name;

describe('an object', () => {
  it('that equals our row leaves no trace', async () => {
    const { id } = await knownProduct();
    await examine('product', id);
    expect(await findingsOf(id)).toEqual([]);
  });

  it('that differs is written down once, until it is healed; then anew', async () => {
    const product = await knownProduct();
    ingestion.stripe.objects.set(product.id, { ...product, name: 'Edited', metadata: { plan: 'gold' } });
    await examine('product', product.id, false);
    await examine('product', product.id, false);
    const open = [
      { field: 'name', local: 'Pro', stripe: 'Edited', reason: 'EDITED_IN_STRIPE' },
      { field: 'metadata', local: '{}', stripe: '{"plan":"gold"}', reason: 'EDITED_IN_STRIPE' },
    ];
    expect((await findingsOf(product.id)).toSorted(byField)).toEqual(
      open.map((one) => ({ ...one, healed: false })).toSorted(byField),
    );
    await examine('product', product.id);
    expect(await nameOf(product.id)).toBe('Edited');
    ingestion.stripe.objects.set(product.id, { ...product, name: 'Again', metadata: { plan: 'gold' } });
    await examine('product', product.id);
    expect((await findingsOf(product.id)).map(({ healed }) => healed)).toEqual([true, true, true]);
    expect(await nameOf(product.id)).toBe('Again');
  });

  it('of the other mode is written down, and nothing is changed', async () => {
    const product = await knownProduct();
    ingestion.stripe.objects.set(product.id, { ...product, name: 'Live', livemode: true });
    await examine('product', product.id);
    expect(await findingsOf(product.id)).toEqual([
      { field: 'environment', local: 'TEST', stripe: 'LIVE', reason: 'WRONG_MODE', healed: false },
    ]);
    expect(await nameOf(product.id)).toBe('Pro');
  });

  it('that an event is under way for is no drift yet', async () => {
    const product = await knownProduct();
    const changed = { ...product, name: 'Under way' };
    ingestion.stripe.objects.set(product.id, changed);
    ingestion.stripe.now += 60;
    const release = ingestion.stripe.hold(product.id);
    // Another version: the event's copy does not do, and the lane waits for Stripe's answer.
    await deliver(
      ingestion,
      connection,
      anEvent('product.updated', changed, { created: ingestion.stripe.now, api_version: '2023-08-16' }),
    );
    await expect(examine('product', product.id)).rejects.toThrow(TryLater);
    release();
    await ingestion.worker.idle();
    await examine('product', product.id);
    expect(await findingsOf(product.id)).toEqual([]);
    expect(await nameOf(product.id)).toBe('Under way');
  });

  it.each([
    ['within the second of our row', 0],
    ['while our row is ahead of the clock, as under a test clock', 40_000_000],
  ])('that a lane brought meanwhile is not put back, %s', async (_when, ahead) => {
    const { stripe } = ingestion;
    const product = await knownProduct();
    const created = stripe.now + ahead;
    // Two at once are fetched, and the row is as fresh as the newest of them.
    const tell = async (name: string) => {
      stripe.objects.set(product.id, { ...product, name });
      const events = [1, 2].map(() => anEvent('product.updated', product, { created }));
      await Promise.all(events.map((event) => deliver(ingestion, connection, event)));
      await ingestion.worker.idle();
    };
    await tell('Old');
    const release = stripe.hold(product.id);
    const asked = stripe.asked.length;
    const examining = examine('product', product.id).catch((failure) => failure);
    await expect.poll(() => stripe.asked.length).toBe(asked + 1);
    await tell('New');
    release();
    expect(await examining).toBeInstanceOf(TryLater);
    expect(await nameOf(product.id)).toBe('New');
  });

  it('that Stripe deleted is archived here', async () => {
    const { id } = await knownProduct();
    ingestion.stripe.objects.delete(id);
    await examine('product', id);
    expect(await findingsOf(id)).toEqual([
      { field: 'active', local: 'true', stripe: 'false', reason: 'EDITED_IN_STRIPE', healed: true },
    ]);
  });

  it('that belongs to no project is no drift', async () => {
    const customer = {
      id: 'cus_stranger',
      object: 'customer',
      email: null,
      metadata: {},
      created: 1_790_000_000,
      livemode: false,
    };
    ingestion.stripe.objects.set(customer.id, customer);
    await examine('customer', customer.id);
    expect(await findingsOf(customer.id)).toEqual([]);
  });
});

const byField = (a: { field?: unknown }, b: { field?: unknown }) => String(a.field).localeCompare(String(b.field));
