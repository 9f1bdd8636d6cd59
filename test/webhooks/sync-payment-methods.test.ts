import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aPaymentMethod, aSetup } from './payment-objects.ts';
import { aCustomer } from './stripe-objects.ts';

let ingestion: Ingestion;
let connection: TestConnection;
let ours: { billgraph_project_id: string };
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection({ projects: 2 });
  ours = { billgraph_project_id: connection.projectIds[0]! };
  ingestion.stripe.objects.set('cus_1', aCustomer('cus_1', { metadata: ours }));
  ingestion.stripe.objects.set('cus_nobody', aCustomer('cus_nobody'));
});
afterAll(() => ingestion.close());

let second = 1_790_000_000;

async function bring(type: string, object: object, fields: object = {}) {
  const event = anEvent(type, object, { created: ++second, ...fields });
  await deliver(ingestion, connection, event);
  await ingestion.worker.idle();
  const [row] = await ingestion.rows('select outcome from inbound_event where event_id = $1', [event.id]);
  return row!.outcome;
}

const methodOf = async (id: string) =>
  (
    await ingestion.rows(
      `select m.*, c.stripe_customer_id from payment_method m left join customer c on c.id = m.customer_id
       where stripe_payment_method_id = $1`,
      [id],
    )
  )[0];

const setupOf = async (id: string) =>
  (await ingestion.rows('select * from setup_intent where stripe_setup_intent_id = $1', [id]))[0];

describe('a payment method', () => {
  it('comes to its customer, whom nobody knew', async () => {
    expect(await bring('payment_method.attached', aPaymentMethod('pm_new'))).toBe('applied');
    expect(await methodOf('pm_new')).toMatchObject({
      id: expect.stringMatching(/^ppm_/),
      project_id: ours.billgraph_project_id,
      stripe_customer_id: 'cus_1',
      type: 'card',
      brand: 'visa',
      last4: '4242',
      expiry_month: 8,
      expiry_year: 2030,
      fingerprint: 'AOB934',
      detached_at: null,
    });
  });

  it.each(['updated', 'automatically_updated'])('follows what is %s', async (type) => {
    await bring('payment_method.attached', aPaymentMethod(`pm_${type}`));
    const card = { brand: 'visa', last4: '4242', exp_month: 1, exp_year: 2034, fingerprint: 'AOB934' };
    await bring(`payment_method.${type}`, aPaymentMethod(`pm_${type}`, { card }));
    expect(await methodOf(`pm_${type}`)).toMatchObject({ expiry_month: 1, expiry_year: 2034 });
  });

  it('that is no card shows what it has', async () => {
    const sepa = { type: 'sepa_debit', card: undefined, sepa_debit: { last4: '3000', fingerprint: 'F1' } };
    await bring('payment_method.attached', aPaymentMethod('pm_sepa', sepa));
    expect(await methodOf('pm_sepa')).toMatchObject({
      type: 'sepa_debit',
      brand: null,
      last4: '3000',
      expiry_month: null,
      fingerprint: 'F1',
    });
  });

  it('leaves its customer when it is detached, and a late event does not bring it back', async () => {
    await bring('payment_method.attached', aPaymentMethod('pm_gone'));
    const detached = aPaymentMethod('pm_gone', { customer: null });
    ingestion.stripe.objects.set('pm_gone', detached);
    await bring('payment_method.detached', detached);
    await bring('payment_method.updated', aPaymentMethod('pm_gone'), { created: second - 20 });
    const gone = await methodOf('pm_gone');
    expect(gone).toMatchObject({
      customer_id: null,
      detached_at: expect.any(String),
      project_id: ours.billgraph_project_id,
    });
    await bring('payment_method.updated', detached);
    expect(await methodOf('pm_gone')).toMatchObject({ detached_at: gone!.detached_at });
  });

  it('that was detached before anybody heard of it is ignored', async () => {
    const detached = aPaymentMethod('pm_unheard', { customer: null });
    ingestion.stripe.objects.set('pm_unheard', detached);
    expect(await bring('payment_method.detached', detached)).toBe('ignored');
    expect(await bring('payment_method.attached', aPaymentMethod('pm_unheard'), { created: second - 20 })).toBe(
      'ignored',
    );
    expect(await methodOf('pm_unheard')).toBeUndefined();
  });

  it('of a customer of no project is unrouted; of one that is deleted it is nobody’s', async () => {
    expect(await bring('payment_method.attached', aPaymentMethod('pm_nobody', { customer: 'cus_nobody' }))).toBe(
      'unrouted',
    );
    await bring('customer.created', aCustomer('cus_leaves', { metadata: ours }));
    await bring('customer.deleted', aCustomer('cus_leaves', { metadata: ours }));
    expect(await bring('payment_method.attached', aPaymentMethod('pm_leaves', { customer: 'cus_leaves' }))).toBe(
      'applied',
    );
    expect(await methodOf('pm_leaves')).toMatchObject({ customer_id: null, detached_at: expect.any(String) });
  });

  it('is read in the older shape as well, without a fetch', async () => {
    const asked = ingestion.stripe.asked.length;
    await bring('payment_method.attached', aPaymentMethod('pm_old'), { api_version: '2023-08-16' });
    await bring('setup_intent.succeeded', aSetup('seti_old', { payment_method: 'pm_old' }), {
      api_version: '2023-08-16',
    });
    expect(await methodOf('pm_old')).toMatchObject({ stripe_customer_id: 'cus_1' });
    expect(await setupOf('seti_old')).toMatchObject({ stripe_payment_method_id: 'pm_old' });
    expect(ingestion.stripe.asked).toHaveLength(asked);
  });
});

it('leaves a customer that is deleted', async () => {
  await bring('customer.created', aCustomer('cus_ends', { metadata: ours }));
  await bring('payment_method.attached', aPaymentMethod('pm_ends', { customer: 'cus_ends' }));
  await bring('customer.deleted', aCustomer('cus_ends', { metadata: ours }));
  expect(await methodOf('pm_ends')).toMatchObject({ customer_id: null, detached_at: expect.any(String) });
});

it("knows which is the customer's default, as the customer says", async () => {
  const defaultOf = async () =>
    (
      await ingestion.rows(
        `select stripe_default_payment_method_id as id from customer where stripe_customer_id = 'cus_picky'`,
      )
    )[0]!.id;
  const settings = (id: string | null) => ({ metadata: ours, invoice_settings: { default_payment_method: id } });
  await bring('customer.updated', aCustomer('cus_picky', settings('pm_new')));
  expect(await defaultOf()).toBe('pm_new');
  await bring('customer.updated', aCustomer('cus_picky', settings(null)));
  expect(await defaultOf()).toBeNull();
});

describe('a setup', () => {
  it('brings the payment method that it saved', async () => {
    ingestion.stripe.objects.set('pm_saved', aPaymentMethod('pm_saved'));
    expect(await bring('setup_intent.succeeded', aSetup('seti_new', { payment_method: 'pm_saved' }))).toBe('applied');
    expect(await methodOf('pm_saved')).toMatchObject({ stripe_customer_id: 'cus_1' });
    expect(await setupOf('seti_new')).toMatchObject({
      id: expect.stringMatching(/^psu_/),
      project_id: ours.billgraph_project_id,
      stripe_status: 'succeeded',
      stripe_payment_method_id: 'pm_saved',
      usage: 'off_session',
    });
  });

  it('of a payment method that was detached since keeps both', async () => {
    ingestion.stripe.objects.set('pm_left', aPaymentMethod('pm_left', { customer: null }));
    expect(await bring('setup_intent.succeeded', aSetup('seti_left', { payment_method: 'pm_left' }))).toBe('applied');
    expect(await methodOf('pm_left')).toMatchObject({ customer_id: null, project_id: ours.billgraph_project_id });
  });

  it('of a customer of no project is unrouted', async () => {
    const setup = aSetup('seti_nobody', { customer: 'cus_nobody', payment_method: null });
    expect(await bring('setup_intent.succeeded', setup)).toBe('unrouted');
    expect(await setupOf('seti_nobody')).toBeUndefined();
  });
});
