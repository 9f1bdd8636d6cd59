import { afterAll, beforeAll, expect, it } from 'vitest';
import { CreatePortalSessionDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, startBillgraph } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { misbehave } from '../rig/faults.ts';
import { ask } from '../rig/graph.ts';
import { openShop, type Shop } from '../rig/shop.ts';

/** The configuration that Stripe keeps of its portal stays as the project is, whatever befalls it. */

let billgraph: Billgraph;
let shop: Shop;
beforeAll(async () => {
  billgraph = await startBillgraph();
  shop = await openShop(billgraph);
});
afterAll(() => billgraph.close());

const sql = (text: string) => asOwner(billgraph.databaseUrl, text);
const open = () =>
  ask(billgraph, shop.tenant.apiKey, CreatePortalSessionDocument, {
    input: { customerId: shop.ada.id, returnUrl: 'https://app.example.com/account' },
  });
const opened = async () => {
  const { data, errors } = await open();
  expect(errors).toBeUndefined();
  expect((await fetch(data.createPortalSession.url)).status).toBe(200);
};
const name = (text: string) => sql(`update project set name = '${text}' where id = '${shop.tenant.projectId}'`);
const known = async () => (await sql('select stripe_configuration_id as id, fingerprint from portal_configuration'))[0];
const configurations = async () => (await shop.tenant.stripe.billingPortal.configurations.list()).data;

it('is made also where Stripe failed at it, and keeps that answer for a day', async () => {
  await misbehave(shop.tenant, {
    kind: 'server_error',
    next: 1,
    only: 'POST /v1/billing_portal/configurations',
  });
  await opened();
  expect(await configurations()).toHaveLength(1);
});

it('is active again where somebody has set it inactive', async () => {
  const { id } = (await known())!;
  await shop.tenant.stripe.billingPortal.configurations.update(id, { active: false });
  await opened();
  expect(await configurations()).toMatchObject([{ id, active: true }]);
  await opened();
});

it('is made anew where Stripe has it no more', async () => {
  await sql(`update portal_configuration set stripe_configuration_id = 'bpc_of_another_account'`);
  const before = await configurations();
  await opened();
  const after = await configurations();
  expect(after).toHaveLength(before.length + 1);
  expect((await known())!.id).toBe(after.find(({ id }) => !before.some((one) => one.id === id))!.id);
});

it('is told once more where two calls told it different things at the same time', async () => {
  await sql(`delete from portal_configuration`);
  await name('First');
  await opened();
  const { id } = (await known())!;
  const named = async () => (await shop.tenant.stripe.billingPortal.configurations.retrieve(id)).business_profile;

  // One tells Stripe before the other, and writes down after it what it has told.
  await name('Slow');
  await misbehave(shop.tenant, {
    kind: 'slow',
    next: 1,
    only: 'POST /v1/billing_portal/sessions',
    milliseconds: 1_000,
  });
  const slow = opened();
  await expect.poll(named, { interval: 20 }).toMatchObject({ headline: 'Slow' });
  await name('Quick');
  await opened();
  expect(await named()).toMatchObject({ headline: 'Quick' });
  await slow;

  await name('Slow');
  await opened();
  expect(await named()).toMatchObject({ headline: 'Slow' });
  // And then it is known again.
  const { fingerprint } = (await known())!;
  await opened();
  expect((await known())!.fingerprint).toBe(fingerprint);
  expect(fingerprint).not.toBe('');
});
