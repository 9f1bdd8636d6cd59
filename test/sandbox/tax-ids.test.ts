import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { refusal, startTestSandbox, stripeAt } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
let stripe: Stripe;
beforeAll(async () => {
  sandbox = await startTestSandbox();
  stripe = stripeAt(sandbox.url);
});
afterAll(() => sandbox.close());

it('a customer has tax ids, shown on demand, verified by their values, and gone with it', async () => {
  const tax_id_data = [{ type: 'eu_vat' as const, value: 'DE123456789' }];
  const { id, tax_ids } = await stripe.customers.create({ tax_id_data });
  expect(tax_ids).toBeUndefined();
  const added = await stripe.customers.createTaxId(id, { type: 'gb_vat', value: 'GB111111111' });
  expect(added).toMatchObject({
    object: 'tax_id',
    customer: id,
    country: 'GB',
    verification: { status: 'unverified' },
  });
  expect(await stripe.customers.retrieve(id, { expand: ['tax_ids'] })).toMatchObject({
    tax_ids: { data: [{ id: added.id }, { value: 'DE123456789', verification: { status: 'verified' } }] },
  });
  expect(await stripe.taxIds.retrieve(added.id)).toMatchObject({ value: 'GB111111111' });
  expect(await stripe.customers.deleteTaxId(id, added.id)).toMatchObject({ deleted: true });
  expect((await stripe.customers.listTaxIds(id)).data).toMatchObject([{ type: 'eu_vat' }]);
  expect(await refusal(stripe.taxIds.retrieve(added.id))).toMatchObject({ statusCode: 404 });
  const { data } = await stripe.events.list();
  expect(
    data
      .map(({ type }) => type)
      .filter((type) => type.includes('tax_id'))
      .sort(),
  ).toEqual([
    ...Array(2).fill('customer.tax_id.created'),
    'customer.tax_id.deleted',
    ...Array(2).fill('customer.tax_id.updated'),
  ]);
});

it.each([
  [{ type: 'eu_vat', value: '1' }, 'value', 'tax_id_invalid'],
  [{ type: 'xx_vat', value: '1' }, 'type', undefined],
  [{ type: 'us_ein' }, 'value', 'parameter_missing'],
])('refuses %j', async (given, param, code) => {
  const { id } = await stripe.customers.create({});
  expect(await refusal(stripe.customers.createTaxId(id, given as never))).toMatchObject({
    statusCode: 400,
    param,
    code,
  });
});
