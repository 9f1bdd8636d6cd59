import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aCustomer, anItem, aPrice, aProduct, aSubscription, itemsOf } from './stripe-objects.ts';

let ingestion: Ingestion;
let connection: TestConnection;
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection({ projects: 1 });
  const metadata = { billgraph_project_id: connection.projectIds[0]! };
  const { objects } = ingestion.stripe;
  objects.set('cus_1', aCustomer('cus_1', { metadata }));
  objects.set('prod_1', aProduct('prod_1', { metadata }));
  for (const id of ['price_1', 'price_2']) objects.set(id, aPrice(id));
});
afterAll(() => ingestion.close());

let second = 1_790_000_000;

/** Lets an event arrive, while Stripe answers `whole`. @returns what Stripe was asked for. */
async function bring(type: string, copy: { id: string; object: string }, whole: object = copy, fields: object = {}) {
  const { asked, objects } = ingestion.stripe;
  objects.set(copy.id, whole as typeof copy);
  const before = asked.length;
  const event = anEvent(type, copy, { created: ++second, ...fields });
  await deliver(ingestion, connection, event);
  await ingestion.worker.idle();
  const [row] = await ingestion.rows('select outcome from inbound_event where event_id = $1', [event.id]);
  expect(row).toEqual({ outcome: 'applied' });
  return asked.slice(before);
}

const aCoupon = (id: string, fields: object = {}) => ({
  id,
  object: 'coupon',
  name: null,
  percent_off: 20,
  amount_off: null,
  currency: null,
  duration: 'forever',
  ...fields,
});
const aDiscount = (id: string, coupon: object | string, fields: object = {}) => ({
  id,
  object: 'discount',
  source: { type: 'coupon', coupon },
  promotion_code: null,
  start: 1_780_000_000,
  end: null,
  subscription: null,
  customer: 'cus_1',
  ...fields,
});

const discountsOf = async (id: string) =>
  (
    await ingestion.rows(
      `select array(select d->>'couponId' || ' ' || coalesce(d->>'percentOff', d->'amountsOff'->0->>'amount')
           from jsonb_array_elements(s.discounts) d) as all,
         array(select i.stripe_subscription_item_id || ' ' || (d->>'couponId') from subscription_item i, jsonb_array_elements(i.discounts) d
           where i.subscription_id = s.id order by 1) as items,
         (select (mrr_numerator / mrr_denominator)::float8 from subscription_revenue r where r.subscription_id = s.id) as mrr
       from subscription s where stripe_subscription_id = $1`,
      [id],
    )
  )[0];

it('asks Stripe what new ones give, of the subscription and of its items; and nothing where they are known', async () => {
  const items = (discounts: unknown[]) => itemsOf(anItem('si_1', 'price_1', { discounts }), anItem('si_2', 'price_2'));
  const copy = aSubscription('sub_1', { discounts: ['di_1'], items: items(['di_2']) });
  const ofItem = aDiscount('di_2', aCoupon('ITEM', { percent_off: null, amount_off: 500, currency: 'usd' }));
  ingestion.stripe.objects.set('si_1', { ...anItem('si_1', 'price_1'), discounts: [ofItem] });
  const whole = aSubscription('sub_1', { discounts: [aDiscount('di_1', aCoupon('ALL'))], items: items(['di_2']) });
  const asked = await bring('customer.subscription.created', copy, whole);
  expect(asked.filter((id) => /^(sub|si)_/.test(id))).toEqual(['sub_1', 'sub_1', 'si_1']);
  expect(await discountsOf('sub_1')).toEqual({ all: ['ALL 20'], items: ['si_1 ITEM'], mrr: 2000 });

  expect(await bring('customer.subscription.updated', { ...copy, metadata: { a: 'b' } } as typeof copy, whole)).toEqual(
    [],
  );
  expect(await discountsOf('sub_1')).toEqual({ all: ['ALL 20'], items: ['si_1 ITEM'], mrr: 2000 });

  expect(
    await bring('customer.subscription.updated', aSubscription('sub_1', { items: items([]), discounts: [] })),
  ).toEqual([]);
  expect(await discountsOf('sub_1')).toEqual({ all: [], items: [], mrr: 3000 });
});

it('fetches what the older shape tells of one discount alone, and keeps what it does not tell of items', async () => {
  const version = { api_version: '2023-08-16' };
  const old = (fields: Record<string, unknown>) => ({ ...aSubscription('sub_old', fields), discounts: undefined });
  const coupon = aCoupon('OLD');
  const whole = aSubscription('sub_old', {
    discounts: [aDiscount('di_3', coupon), aDiscount('di_4', aCoupon('SECOND'))],
  });
  const { source: _, ...discount } = aDiscount('di_3', coupon);
  await bring('customer.subscription.created', old({ discount: { ...discount, coupon } }), whole, version);
  expect(await discountsOf('sub_old')).toMatchObject({ all: ['OLD 20', 'SECOND 20'], mrr: 960 });
  expect(await bring('customer.subscription.updated', old({ discount: null }), undefined, version)).toEqual([]);
  expect(await discountsOf('sub_old')).toMatchObject({ all: [], mrr: 1500 });
});

it('fetches the subscription whose discount is over, of which no other event tells', async () => {
  const discount = aDiscount('di_5', aCoupon('ENDS'), { subscription: 'sub_5' });
  const copy = aSubscription('sub_5', { discounts: ['di_5'] });
  await bring('customer.subscription.created', copy, aSubscription('sub_5', { discounts: [discount] }));
  expect(await discountsOf('sub_5')).toMatchObject({ mrr: 1200 });
  ingestion.stripe.objects.set('sub_5', aSubscription('sub_5', { discounts: [] }));
  expect(await bring('customer.discount.deleted', discount)).toEqual(['sub_5']);
  expect(await discountsOf('sub_5')).toMatchObject({ all: [], mrr: 1500 });
});

it("keeps the customer's, by events and by asking", async () => {
  const terms = async () =>
    (
      await ingestion.rows(`select discount->>'couponId' as coupon from customer where stripe_customer_id = 'cus_1'`)
    )[0];
  const known = ingestion.stripe.objects.get('cus_1')!;
  const named = { ...known, discount: aDiscount('di_6', 'HIS') };
  const whole = { ...known, discount: aDiscount('di_6', aCoupon('HIS')) };
  expect(await bring('customer.updated', named, whole)).toEqual(['cus_1', 'cus_1']);
  expect(await terms()).toEqual({ coupon: 'HIS' });
  expect(await bring('customer.updated', { ...named, name: 'Ada' } as typeof named, whole)).toEqual([]);
  expect(await terms()).toEqual({ coupon: 'HIS' });
  ingestion.stripe.objects.set('cus_1', known);
  expect(await bring('customer.discount.deleted', aDiscount('di_6', 'HIS'))).toEqual(['cus_1']);
  expect(await terms()).toEqual({ coupon: null });
});
