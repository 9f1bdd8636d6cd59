import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { newId } from '../../src/ids.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { cards, createPrice, payment, submitCheckout } from '../rig/checkout.ts';
import { asOwner } from '../rig/database.ts';
import { ask } from '../rig/graph.ts';
import { createOperator, type TestOperator } from '../rig/operator.ts';
import { tablesOf } from './canary-values.ts';
import { documentOf, rootFields } from './documents.ts';

/** Every mutation carried out once: what it leaves in the audit log, and which secrets are left where. */

let billgraph: Billgraph;
let tenant: TestTenant;
let owner: TestOperator;
const secrets: Record<string, string> = {};
const encryptionKey = randomBytes(32);
beforeAll(async () => {
  billgraph = await startBillgraph({ encryptionKeys: [encryptionKey] });
  tenant = await createTenant(billgraph);
  owner = await createOperator(billgraph, tenant);
});
afterAll(() => billgraph.close());

/** Acts of people beside the team's own log: see ARCHITECTURE.md. */
const unlogged = ['acceptInvitation'];
/** After these the caller may not ask again. */
const last = ['leaveTeam', 'transferOwnership'];

it('leaves an entry with its actor and without secrets; and no secret is anywhere in the clear', {
  timeout: 120_000,
}, async () => {
  const done = new Map<string, any>();
  const sql = (text: string) => asOwner(billgraph.databaseUrl, text);
  async function carryOut(name: string, input: object, by: TestOperator = owner, key = `once ${name} ${done.size}`) {
    const field = rootFields.find((one) => one.operation === 'mutation' && one.name === name)!;
    const args = { input: { ...input, ...(unlogged.includes(name) ? {} : { idempotencyKey: key }) } };
    // Such as have a secret are asked twice: the answer is kept, and told again.
    const at = { 'billgraph-project': tenant.projectId };
    const first = await by.ask(deep(name, documentOf(field, args)), args, at);
    expect([name, first.errors]).toEqual([name, undefined]);
    if (!unlogged.includes(name)) {
      const again = last.includes(name) ? first : await by.ask(deep(name, documentOf(field, args)), args, at);
      expect([name, again.data]).toEqual([name, first.data]);
      const entries = await sql(`select * from audit_entry where mutation = '${name}'`);
      expect([name, entries.length > 0]).toEqual([name, true]);
      for (const entry of entries)
        expect(entry).toMatchObject({
          actor_kind: 'OPERATOR',
          actor_id: by.id,
          team_id: tenant.teamId,
          ip: '127.0.0.1',
        });
    }
    done.set(name, first.data[name]);
    return first.data[name];
  }
  /** What the referrer was credited, and Stripe refused. */
  async function failedPayout(referralId: string): Promise<string> {
    const [reward, payout] = [newId('rew'), newId('rpo')];
    const of = `project_id, environment, referrer_id, '${reward}'`;
    const money = `500, 'USD', now()`;
    await sql(`insert into referral_reward (project_id, environment, customer_id, id, amount, currency, created_at, updated_at, hold_until, referral_id, beneficiary, status)
      select ${of}, ${money}, now(), now(), id, 'REFERRER', 'CREDITED' from referral where id = '${referralId}'`);
    await sql(`insert into referral_payout (project_id, environment, customer_id, reward_id, amount, currency, created_at, ended_at, id, kind, state)
      select ${of}, ${money}, now(), '${payout}', 'CREDIT', 'FAILED' from referral where id = '${referralId}'`);
    return payout;
  }
  /** Secrets and ids that the narrow selection leaves out. */
  const deep = (name: string, document: string) => {
    const selected: Record<string, string> = {
      createOutgoingEndpoint: '{ endpoint { id } secret }',
      rotateOutgoingEndpointSecret: '{ secret }',
      createApiKey: '{ apiKey { id } secret }',
      rotateApiKey: '{ apiKey { id } rotated { id } secret }',
      inviteMember: '{ url invitation { id } }',
      createCustomerToken: '{ token }',
      createAccessToken: '{ token }',
      createPortalSession: '{ url }',
      createCheckoutSession: '{ sessionId url }',
      createProject: '{ project { id } }',
      createCustomer: '{ customer { id stripeCustomerId } }',
      createPaymentIntent: '{ clientSecret payment { id } }',
      addCustomerTaxId: '{ taxId { id } }',
      changePriceAmount: '{ price { id } }',
      createPrice: '{ price { id } }',
      createProduct: '{ product { id } }',
      createMeter: '{ meter { id } }',
      grantFeature: '{ grant { id } }',
      setExchangeRate: '{ exchangeRate { id } }',
      reserveUsage: '{ reservation { id } }',
      createReferralCode: '{ referralCode { id code } }',
      applyReferral: '{ referral { id status } }',
      // What becomes of it goes on meanwhile.
      retryReferralPayout: '{ payout { id } }',
    };
    const call = document.indexOf(name);
    return selected[name] ? `${document.slice(0, document.indexOf(')', call) + 1)} ${selected[name]} }` : document;
  };

  const price = await createPrice(tenant);
  const stranger = await tenant.stripe.customers.create({ email: 'stranger@example.com' });
  const card = { payment_method: 'pm_card_visa', confirm: true };
  const guest = await tenant.stripe.paymentIntents.create({ amount: 2_000, currency: 'usd', ...card });
  await billgraph.settled();
  const [{ id: priceId }] = await sql(`select id from price where stripe_price_id = '${price.id}'`);
  const { customer } = await carryOut('createCustomer', { email: 'ada@example.com' });
  const back = { successUrl: 'https://example.com/done', cancelUrl: 'https://example.com/back' };
  const session = await carryOut('createCheckoutSession', { ...back, customerId: customer.id, priceId });
  await carryOut('expireCheckoutSession', { checkoutSessionId: session.sessionId });
  const [{ id: payer }] = await sql(`select stripe_customer_id as id from customer where id = '${customer.id}'`);
  const visa = await tenant.stripe.paymentMethods.attach('pm_card_visa', { customer: payer });
  const paid = { customer: payer, items: [{ price: price.id }], default_payment_method: visa.id };
  const subscribed = await tenant.stripe.subscriptions.create(paid);
  await billgraph.settled();
  const [{ id: subscriptionId }] = await sql(
    `select id from subscription where stripe_subscription_id = '${subscribed.id}'`,
  );
  await carryOut('pauseCollection', { subscriptionId, behavior: 'VOID' });
  await carryOut('resumeCollection', { subscriptionId });
  await carryOut('updateSubscription', { subscriptionId, quantity: 2 });
  await carryOut('updateSubscription', { subscriptionId, quantity: 3, at: 'PERIOD_END' });
  await carryOut('discardPendingChange', { subscriptionId });
  await carryOut('cancelSubscription', { subscriptionId });
  await carryOut('resumeSubscription', { subscriptionId });
  const setup = await carryOut('createCheckoutSession', { ...back, customerId: customer.id, mode: 'SETUP' });
  await submitCheckout(setup.url, payment(cards.ok));
  await carryOut('setDefaultPaymentMethodFromCheckout', { checkoutSessionId: setup.sessionId });
  const minted = await carryOut('createCustomerToken', { customerId: customer.id, scopes: ['customers:read'] });
  secrets.customerToken = minted.token;
  secrets.accessToken = (await carryOut('createAccessToken', { customerId: customer.id })).token;
  const returnUrl = 'https://example.com/account';
  const portal = await carryOut('createPortalSession', { customerId: customer.id, returnUrl, kind: 'BILLGRAPH' });
  secrets.portalLink = new URL(portal.url).searchParams.get('token')!;
  await carryOut('updateProjectSettings', { defaultCurrency: 'EUR' });
  await carryOut('assignStripeCustomer', { stripeCustomerId: stranger.id, projectId: tenant.projectId });
  await carryOut('assignStripePayment', { stripePaymentIntentId: guest.id, projectId: tenant.projectId });
  await carryOut('updateCustomer', { customerId: customer.id, name: 'Ada' });
  const vat = await carryOut('addCustomerTaxId', { customerId: customer.id, type: 'eu_vat', value: 'DE123456789' });
  await carryOut('removeCustomerTaxId', { taxIdId: vat.taxId.id });
  await carryOut('upsertCustomer', { externalId: 'upserted', email: 'upserted@example.com' });
  const leaving = (await carryOut('createCustomer', { email: 'leaving@example.com' })).customer;
  await carryOut('deleteCustomer', { customerId: leaving.id });
  const linked = await tenant.stripe.customers.create({ email: 'linked@example.com' });
  await carryOut('linkStripeCustomer', { stripeCustomerId: linked.id });
  const { product } = await carryOut('createProduct', { name: 'Extra' });
  await carryOut('updateProduct', { productId: product.id, name: 'More' });
  const { price: extra } = await carryOut('createPrice', { productId: product.id, currency: 'USD', unitAmount: 1 });
  await carryOut('updatePrice', { priceId: extra.id, nickname: 'More' });
  const { price: dearer } = await carryOut('changePriceAmount', { priceId: extra.id, unitAmount: 2 });
  await carryOut('archivePrice', { priceId: dearer.id });
  await carryOut('createFeature', { key: 'support', name: 'Support', type: 'ENUMERATED', options: ['chat'] });
  await carryOut('updateFeature', { feature: 'support', options: ['chat', 'phone'] });
  await carryOut('setProductFeature', { productId: product.id, feature: 'support', option: 'chat' });
  const given = { customerId: customer.id, feature: 'support', option: 'phone', reason: 'A gift.' };
  const { grant } = await carryOut('grantFeature', given);
  await carryOut('revokeFeatureGrant', { grantId: grant.id, reason: 'Taken back.' });
  await carryOut('overrideFeature', { ...given, option: undefined, allowed: false });
  await carryOut('removeProductFeature', { productId: product.id, feature: 'support' });
  await carryOut('archiveFeature', { feature: 'support' });
  await carryOut('reactivateFeature', { feature: 'support' });
  await carryOut('archiveProduct', { productId: product.id });
  await tenant.stripe.paymentMethods.attach('pm_card_visa', { customer: customer.stripeCustomerId });
  await billgraph.settled();
  const [{ id: paymentMethodId }] = await sql(`select id from payment_method where customer_id = '${customer.id}'`);
  await carryOut('setDefaultPaymentMethod', { customerId: customer.id, paymentMethodId });
  await carryOut('detachPaymentMethod', { paymentMethodId });
  const begun = await carryOut('createPaymentIntent', { customerId: customer.id, amount: 2_000, currency: 'USD' });
  secrets.clientSecret = begun.clientSecret;
  await carryOut('cancelPaymentIntent', { paymentId: begun.payment.id });
  const paying = await carryOut('createPaymentIntent', { amount: 2_000, currency: 'USD' });
  secrets.paidClientSecret = paying.clientSecret;
  await tenant.stripe.paymentIntents.confirm(paying.clientSecret.split('_secret')[0], {
    payment_method: 'pm_card_visa',
    return_url: 'https://example.com/back',
  });
  await billgraph.settled();
  await carryOut('refundPayment', { paymentId: paying.payment.id, amount: 500 });
  const calls = { eventName: 'calls', displayName: 'Calls', aggregation: 'SUM' };
  const { meter } = await carryOut('createMeter', calls);
  await carryOut('updateMeter', { meterId: meter.id, unit: 'calls' });
  const used = { meter: 'calls', customerId: customer.id, value: '2' };
  await carryOut('reportUsage', { events: ['a', 'b'].map((identifier) => ({ ...used, identifier })) });
  await carryOut('voidUsage', { event: { identifier: 'a' }, reason: 'Reported twice' });
  await carryOut('replaceUsage', { event: { identifier: 'b' }, value: '3', reason: 'Wrong unit' });
  await carryOut('resendUsage', { meterId: meter.id });
  await carryOut('createFeature', { key: 'calls', name: 'Calls', type: 'LIMIT', meter: meter.id });
  await carryOut('overrideFeature', { customerId: customer.id, feature: 'calls', limit: '9', reason: 'A gift.' });
  const reserved = () => carryOut('reserveUsage', { customerId: customer.id, feature: 'calls' });
  await carryOut('commitUsage', { reservationId: (await reserved()).reservation.id });
  await carryOut('releaseUsage', { reservationId: (await reserved()).reservation.id });
  const rate = { from: 'EUR', to: 'USD', day: '2026-11-21', rate: '1.08' };
  const { exchangeRate } = await carryOut('setExchangeRate', rate);
  await carryOut('deleteExchangeRate', { exchangeRateId: exchangeRate.id });
  const credit = { currency: 'USD', referrerCredit: '500', refereeCredit: '300' };
  await carryOut('updateReferralConfig', { enabled: true, ...credit });
  const { referralCode } = await carryOut('createReferralCode', { customerId: customer.id });
  const { customer: friend } = await carryOut('createCustomer', { email: 'friend@example.com' });
  const { referral } = await carryOut('applyReferral', { code: referralCode.code, customerId: friend.id });
  await carryOut('retryReferralPayout', { id: await failedPayout(referral.id) });
  await carryOut('deactivateReferralCode', { codeId: referralCode.id });
  await carryOut('recomputeAnalytics', { from: '2026-01-01', to: '2026-01-02' });
  await carryOut('archiveMeter', { meterId: meter.id });
  await carryOut('reactivateMeter', { meterId: meter.id });
  await billgraph.settled();
  const [event] = await sql(`select event_id as id from inbound_event limit 1`);
  await carryOut('replayWebhookEvents', { ids: [event.id] });
  await carryOut('reconcile', { dryRun: true });
  await carryOut('startBackfill', { assign: { projectId: tenant.projectId }, objects: ['PRODUCTS'] });

  // An address of documentation: nothing is there.
  const endpoint = await carryOut('createOutgoingEndpoint', { url: 'https://203.0.113.1/hooks' });
  const endpointId = endpoint.endpoint.id;
  await carryOut('updateOutgoingEndpoint', { endpointId, description: 'Ours' });
  await carryOut('testOutgoingEndpoint', { endpointId });
  const replaced = await carryOut('rotateOutgoingEndpointSecret', { endpointId });
  Object.assign(secrets, { endpoint: endpoint.secret, replacedEndpoint: replaced.secret });
  await carryOut('replayOutgoingMessages', { filter: {} });
  await carryOut('deleteOutgoingEndpoint', { endpointId });

  const made = { name: 'Backend', scopes: ['customers:read'], environment: 'TEST', projectIds: [tenant.projectId] };
  const key = await carryOut('createApiKey', made);
  const rotated = await carryOut('rotateApiKey', { apiKeyId: key.apiKey.id });
  Object.assign(secrets, { apiKey: key.secret, rotatedKey: rotated.secret });
  await carryOut('updateApiKey', { apiKeyId: rotated.apiKey.id, name: 'Renamed' });
  await carryOut('revokeApiKey', { apiKeyId: rotated.apiKey.id });

  await carryOut('updateTeam', { name: 'Acme Ltd' });
  const newcomer = await createOperator(billgraph, null);
  const invited = await carryOut('inviteMember', { email: newcomer.email, role: 'ADMIN' });
  secrets.invitation = new URL(invited.url).searchParams.get('token')!;
  await carryOut('acceptInvitation', { token: secrets.invitation }, newcomer);
  const [{ id: memberId }] = await sql(`select id from team_member where operator_id = '${newcomer.id}'`);
  await carryOut('updateMemberRole', { memberId, role: 'OWNER' });
  const other = await carryOut('inviteMember', { email: 'never@example.com', role: 'VIEWER' });
  secrets.otherInvitation = new URL(other.url).searchParams.get('token')!;
  await carryOut('revokeInvitation', { invitationId: other.invitation.id });
  const gone = await createOperator(billgraph, tenant, 'VIEWER');
  const [{ id: goneId }] = await sql(`select id from team_member where operator_id = '${gone.id}'`);
  await carryOut('removeMember', { memberId: goneId });

  const current = await billgraph.app.connections.byId(tenant.connectionId);
  secrets.webhookSecret = current!.webhookSecrets[0]!;
  await carryOut('rollWebhookSecret', { environment: 'TEST' });
  const [{ of }] = await sql(`select substr(stripe_account_id, 7) as of from stripe_connection`);
  secrets.stripeKey = `sk_test_51${of}${randomBytes(6).toString('hex')}`;
  await carryOut('rotateStripeKey', { environment: 'TEST', secretKey: secrets.stripeKey });
  await carryOut('disconnectStripe', { environment: 'TEST' });
  await carryOut('connectStripe', { environment: 'TEST', secretKey: secrets.stripeKey });
  for (const secret of (await billgraph.app.connections.byId(tenant.connectionId))!.webhookSecrets)
    secrets[`webhookSecret ${secret.length}`] = secret;

  const project = (await carryOut('createProject', { name: 'Second' })).project.id;
  await carryOut('updateProject', { projectId: project, name: 'Third' });
  await carryOut('archiveProject', { projectId: project });
  await carryOut('unarchiveProject', { projectId: project });
  const heir = await createOperator(billgraph, tenant, 'ADMIN');
  const [{ id: heirId }] = await sql(`select id from team_member where operator_id = '${heir.id}'`);
  await carryOut('transferOwnership', { memberId: heirId });
  await carryOut('leaveTeam', { teamId: tenant.teamId }, newcomer);

  const all = rootFields.filter(({ operation }) => operation === 'mutation').map(({ name }) => name);
  expect([...done.keys()].sort()).toEqual(all.sort());
  await expectNoSecret();
});

async function expectNoSecret() {
  Object.assign(secrets, {
    tenantKey: tenant.apiKey,
    password: owner.password,
    encryptionKey: encryptionKey.toString('base64'),
    encryptionKeyInHex: encryptionKey.toString('hex'),
    session: owner.cookie.split('=')[1]!,
  });
  const told: string[] = [];
  // Refusals of every kind, with the secret where it does not belong, and a fault of ours.
  for (const secret of Object.values(secrets)) {
    const wrong = [
      await ask(billgraph, `${secret}x`, '{ viewer { id } }'),
      await ask(billgraph, null, '{ viewer { id } }', {}, { cookie: `billgraph.session_token=${secret}x` }),
      await ask(
        billgraph,
        tenant.apiKey,
        CreateCustomerDocument,
        { input: { email: 'x@example.com' } },
        { 'idempotency-key': secret.slice(0, 255) },
      ),
    ];
    told.push(JSON.stringify(wrong.map(({ data, errors }) => ({ data, errors }))));
  }
  await asOwner(billgraph.databaseUrl, 'alter table customer rename column email to lost');
  const fault = await ask(billgraph, tenant.apiKey, '{ customers { nodes { email } } }');
  expect(fault.errors![0]!.extensions.code).toBe('INTERNAL_SERVER_ERROR');
  await asOwner(billgraph.databaseUrl, 'alter table customer rename column lost to email');
  told.push(JSON.stringify(fault));
  await billgraph.settled();

  const dump = JSON.stringify([...(await tablesOf(billgraph.databaseUrl))]);
  expect(dump.length).toBeGreaterThan(10_000);
  const found = Object.entries(secrets).flatMap(([name, secret]) => {
    expect([name, secret.length >= 20]).toEqual([name, true]);
    const places = { 'the log': billgraph.logged.join(), answers: told.join(), 'the database': dump };
    return Object.entries(places)
      .filter(([, text]) => text.includes(secret))
      .map(([place]) => `${name} in ${place}`);
  });
  expect(found).toEqual([]);
}
