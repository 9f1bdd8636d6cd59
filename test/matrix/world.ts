import { randomBytes, randomInt } from 'node:crypto';
import type { AppOptions } from '../../src/app-options.ts';
import { CreateCheckoutSessionDocument, CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import type { Environment } from '../../src/environment.ts';
import { frontendScopes } from '../../src/identity/access/scopes.ts';
import { newId } from '../../src/ids.ts';
import { Backfill } from '../../src/ingestion/backfill/backfill.entity.ts';
import { OutgoingDelivery } from '../../src/outgoing/deliveries/outgoing-delivery.entity.ts';
import { OutgoingEndpoint } from '../../src/outgoing/webhooks/outgoing-endpoint.entity.ts';
import { OutgoingMessage } from '../../src/outgoing/webhooks/outgoing-message.entity.ts';
import { StripeConnection } from '../../src/tenancy/connections/stripe-connection.entity.ts';
import { Plan } from '../../src/tenancy/projects/plan.entity.ts';
import { ProjectSettings } from '../../src/tenancy/projects/project-settings.entity.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { asOwner } from '../rig/database.ts';
import { featuresOf } from '../rig/features.ts';
import { ask } from '../rig/graph.ts';
import { createOperator, type TestOperator } from '../rig/operator.ts';
import { rewardsOf } from '../rig/rewards.ts';
import { makeLiveTwins, twinOf } from './twins.ts';

/** The rows of a project in an environment that questions can name. */
export type Side = {
  team: 'A' | 'B';
  project: 'A1' | 'A2' | 'B1';
  environment: Environment;
  teamId: string;
  projectId: string;
  connectionId: string;
  rows: Rows;
};
export type Rows = Record<
  | 'customerId'
  | 'externalId'
  | 'email'
  | 'stripeCustomerId'
  | 'strangerId'
  | 'guestPaymentId'
  | 'priceId'
  | 'productId'
  | 'subscriptionId'
  | 'invoiceId'
  | 'paymentId'
  | 'paymentMethodId'
  | 'taxIdId'
  | 'featureId'
  | 'featureKey'
  | 'grantId'
  | 'exchangeRateId'
  | 'checkoutSessionId'
  | 'meterId'
  | 'usageEventId'
  | 'reservationId'
  | 'eventId'
  | 'endpointId'
  | 'backfillId'
  | 'apiKeyId'
  | 'memberId'
  | 'invitationId'
  | 'teamId'
  | 'projectId'
  | 'otherCustomerId'
  | 'referralCode'
  | 'referralCodeId'
  | 'referralId'
  | 'referralPayoutId',
  string
>;

export type World = {
  billgraph: Billgraph;
  encryptionKeys: Buffer[];
  /** Two teams, the first with two projects; both environments of each. */
  sides: Side[];
  side(project: Side['project'], environment: Environment): Side;
  tenants: Record<'A1' | 'A2' | 'B1', TestTenant>;
  owners: Record<'A' | 'B', TestOperator>;
  /** Of the first project: how its app's own tokens are checked. */
  appTokens: { issuer: string; audience: string };
};

/** Two teams that differ in nothing but their rows. @param jwksUrl the keys of the app's own tokens. */
export async function createWorld(jwksUrl: string, options: Partial<AppOptions> = {}): Promise<World> {
  const encryptionKeys = [randomBytes(32)];
  const billgraph = await startBillgraph({ encryptionKeys, allowPrivateAddresses: true, ...options });
  const [A1, B1] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  const tenants = { A1, A2: await createTenant(billgraph, { teamId: A1.teamId }), B1 };
  const owners = { A: await createOperator(billgraph, A1), B: await createOperator(billgraph, B1) };
  const appTokens = { issuer: 'https://app.example.com', audience: 'billing' };
  const sides: Side[] = [];
  for (const project of ['A1', 'A2', 'B1'] as const) {
    const tenant = tenants[project];
    const rows = await makeRows(billgraph, tenant, owners[project[0] as 'A']);
    const { teamId, projectId, connectionId } = tenant;
    sides.push({ team: project[0] as 'A', project, environment: 'TEST', teamId, projectId, connectionId, rows });
  }
  const change = {
    tokenTeamId: A1.teamId,
    tokenIssuer: appTokens.issuer,
    tokenAudience: appTokens.audience,
    tokenJwksUrl: jwksUrl,
    tokenAlgorithms: ['EdDSA'],
    tokenScopes: [...frontendScopes],
  };
  await makeLive(billgraph, sides);
  const where = { projectId: A1.projectId, environment: 'TEST' as const };
  await billgraph.app.orm.em.fork().nativeUpdate(ProjectSettings, where, change);
  const side = (project: string, environment: string) =>
    sides.find((one) => one.project === project && one.environment === environment)!;
  return { billgraph, encryptionKeys, sides, side, tenants, owners, appTokens };
}

async function makeRows(billgraph: Billgraph, tenant: TestTenant, owner: TestOperator): Promise<Rows> {
  const { stripe, projectId, connectionId, teamId } = tenant;
  const unique = () => randomBytes(8).toString('hex');
  const price = await createPrice(tenant);
  const newCustomer = async () => {
    const externalId = `ext_${unique()}`;
    const input = { email: `c_${unique()}@example.com`, externalId, name: `Ada ${unique()}` };
    const { data } = await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input });
    const { id, stripeCustomerId } = data.createCustomer.customer;
    const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: stripeCustomerId });
    await stripe.subscriptions.create({
      customer: stripeCustomerId,
      items: [{ price: price.id }],
      default_payment_method: card.id,
    });
    return { id, stripeCustomerId, externalId, email: input.email };
  };
  const [customer, other] = [await newCustomer(), await newCustomer()];
  const value = `DE${randomInt(100_000_000, 999_999_999)}`;
  await stripe.customers.createTaxId(customer.stripeCustomerId, { type: 'eu_vat', value });
  const stranger = await stripe.customers.create({ email: `s_${unique()}@example.com` });
  const card = { payment_method: 'pm_card_visa', confirm: true };
  const guest = await stripe.paymentIntents.create({ amount: 2_000, currency: 'usd', ...card });
  const session = {
    customerId: customer.id,
    mode: 'SETUP',
    successUrl: 'https://example.com/done',
    cancelUrl: 'https://example.com/back',
  };
  const opened = await ask(billgraph, tenant.apiKey, CreateCheckoutSessionDocument, { input: session });
  const meter = { eventName: `calls_${unique()}`, displayName: 'Calls', aggregation: 'SUM' };
  const createMeter = 'mutation ($input: CreateMeterInput!) { createMeter(input: $input) { meter { id } } }';
  const made = await ask(billgraph, tenant.apiKey, createMeter, { input: meter });
  const meterId = made.data.createMeter.meter.id;
  const reportUsage = 'mutation ($input: ReportUsageInput!) { reportUsage(input: $input) { results { eventId } } }';
  const events = [{ meter: meterId, customerId: customer.id, value: '1', identifier: `id_${unique()}` }];
  const reported = await ask(billgraph, tenant.apiKey, reportUsage, { input: { events } });
  const reward = rewardsOf(billgraph, tenant).reward(customer.id);
  await reward.credit();
  await billgraph.settled();

  const one = async (sql: string) => (await asOwner(billgraph.databaseUrl, sql))[0].id;
  const priceId = await one(`select id from price where stripe_price_id = '${price.id}'`);
  const em = billgraph.app.orm.em.fork();
  const backfill = {
    id: newId('bf'),
    connectionId,
    objects: ['CUSTOMERS' as const],
    assign: { projectId },
    tallies: {},
  };
  em.create(Backfill, { ...backfill, state: 'COMPLETED' });
  em.create(Plan, { id: newId('plan'), projectId, environment: 'TEST', name: `pro_${unique()}`, price: priceId });
  const endpointId = await tellNobody(billgraph, { projectId, customerId: customer.id });
  await em.flush();
  const features = featuresOf(billgraph, tenant);
  const productId = await one(`select product_id as id from price where id = '${priceId}'`);
  const feature = await features.newFeature(`feature_${unique()}`, { type: 'LIMIT', meter: meterId });
  await features.made('setProductFeature', { productId, feature: feature.key, limit: '5' });
  const granted = { customerId: customer.id, feature: feature.key, limit: '1', reason: `Because ${unique()}` };
  const grant = await features.made('grantFeature', granted);
  const setRate =
    'mutation { setExchangeRate(input: { from: "EUR", to: "USD", day: "2026-01-01", rate: "1.08" }) { exchangeRate { id } } }';
  const rate = await ask(billgraph, tenant.apiKey, setRate);
  const reserveUsage = 'mutation ($input: ReserveUsageInput!) { reserveUsage(input: $input) { reservation { id } } }';
  const wanted = { customerId: customer.id, feature: feature.key, amount: '0.5' };
  const reserved = await ask(billgraph, tenant.apiKey, reserveUsage, { input: wanted });
  const referral = await refer(billgraph, tenant, customer.id);
  const invite = `mutation { inviteMember(input: { email: "i_${unique()}@example.com", role: VIEWER }) { invitation { id } } }`;
  const invited = await owner.ask(invite);
  return {
    customerId: customer.id,
    externalId: customer.externalId,
    email: customer.email,
    stripeCustomerId: customer.stripeCustomerId,
    strangerId: stranger.id,
    guestPaymentId: guest.id,
    priceId,
    productId,
    subscriptionId: await one(`select id from subscription where customer_id = '${customer.id}'`),
    invoiceId: await one(`select id from invoice where customer_id = '${customer.id}'`),
    paymentId: await one(`select id from payment where customer_id = '${customer.id}'`),
    paymentMethodId: await one(`select id from payment_method where customer_id = '${customer.id}'`),
    taxIdId: await one(`select id from tax_id where customer_id = '${customer.id}'`),
    featureId: feature.id,
    featureKey: feature.key,
    grantId: grant.id,
    exchangeRateId: rate.data.setExchangeRate.exchangeRate.id,
    checkoutSessionId: await one(
      `select id from checkout_session where stripe_session_id = '${opened.data.createCheckoutSession.sessionId}'`,
    ),
    meterId,
    usageEventId: reported.data.reportUsage.results[0].eventId,
    reservationId: reserved.data.reserveUsage.reservation.id,
    otherCustomerId: other.id,
    ...referral,
    referralPayoutId: (await reward.ids()).ReferralPayout,
    eventId: await one(`select event_id as id from inbound_event where lane_key like '%/${customer.stripeCustomerId}'`),
    endpointId,
    backfillId: backfill.id,
    apiKeyId: await one(`select id from api_key where '${projectId}' = any (project_ids)`),
    memberId: await one(`select id from team_member where team_id = '${teamId}'`),
    invitationId: invited.data.inviteMember.invitation.id,
    teamId,
    projectId,
  };
}

/** Somebody new, whom the customer referred. */
async function refer(billgraph: Billgraph, tenant: TestTenant, customerId: string) {
  const call = async (name: string, input: object, selection: string) => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`;
    const document = `mutation ($input: ${type}) { ${name}(input: $input) { ${selection} } }`;
    return (await ask(billgraph, tenant.apiKey, document, { input })).data[name];
  };
  const programme = { enabled: true, currency: 'USD', referrerCredit: '500', refereeCredit: '300' };
  await call('updateReferralConfig', programme, 'config { enabled }');
  const { referralCode } = await call('createReferralCode', { customerId }, 'referralCode { id code }');
  const email = `r_${randomBytes(8).toString('hex')}@example.com`;
  const { customer } = await call('createCustomer', { email }, 'customer { id }');
  const applied = { code: referralCode.code, customerId: customer.id };
  const { referral } = await call('applyReferral', applied, 'referral { id }');
  return { referralCode: referralCode.code, referralCodeId: referralCode.id, referralId: referral.id };
}

/** An endpoint that wants nothing of what the world does, and what it was told. */
async function tellNobody(
  { app }: Billgraph,
  { projectId, customerId }: { projectId: string; customerId: string },
): Promise<string> {
  const em = app.orm.em.fork();
  const [id, message, side] = [newId('oep'), newId('msg'), { projectId, environment: 'TEST' as const }];
  const sealedSecret = app.sealer.seal(`whsec_${randomBytes(32).toString('base64')}`, id);
  const url = 'https://127.0.0.1:9/hooks';
  em.create(OutgoingEndpoint, { id, ...side, url, eventTypes: ['usage.*'], sealedSecret });
  const data = { customerId, externalId: null };
  const told = { type: 'customer.state_changed', data, occurredAt: new Date() };
  em.create(OutgoingMessage, { id: message, ...side, customer: customerId, ...told });
  em.create(OutgoingDelivery, {
    id: newId('odl'),
    ...side,
    message,
    endpoint: id,
    type: told.type,
    status: 'DELIVERED',
  });
  await em.flush();
  return id;
}

/** LIVE: a connection whose key is sealed, and rows that are the twins of those in TEST. */
async function makeLive({ app, databaseUrl }: Billgraph, sides: Side[]): Promise<void> {
  for (const team of ['A', 'B'] as const) {
    const [first, ...rest] = sides.filter((side) => side.team === team && side.environment === 'TEST');
    const { teamId, connectionId: testConnection } = first!;
    const liveConnection = newId('conn');
    const em = app.orm.em.fork();
    em.create(StripeConnection, {
      id: liveConnection,
      team: teamId,
      environment: 'LIVE',
      stripeAccountId: `acct_1${randomBytes(8).toString('hex')}`,
      sealedSecretKey: app.sealer.seal(`sk_live_51${randomBytes(12).toString('hex')}`, liveConnection),
      sealedWebhookSecrets: [app.sealer.seal(`whsec_${randomBytes(16).toString('hex')}`, liveConnection)],
    });
    await em.flush();
    const projectIds = [first!, ...rest].map(({ projectId }) => projectId);
    await makeLiveTwins(databaseUrl, { testConnection, liveConnection, projectIds });
    for (const side of [first!, ...rest]) {
      const { apiKeyId, memberId, invitationId, teamId, projectId } = side.rows;
      const rows = Object.fromEntries(Object.entries(side.rows).map(([name, text]) => [name, twinOf(text)])) as Rows;
      sides.push({
        ...side,
        environment: 'LIVE',
        connectionId: liveConnection,
        rows: { ...rows, apiKeyId, memberId, invitationId, teamId, projectId },
      });
    }
  }
}

/** Names rows as they could be, and nobody has: where `other` has others than `own`. */
export function nowhere(own: Side, other: Side): Side {
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  const rows: Rows = {
    customerId: newId('pc'),
    externalId: `ext_${hex(8)}`,
    email: `n_${hex(8)}@example.com`,
    stripeCustomerId: `cus_${hex(7)}`,
    strangerId: `cus_${hex(7)}`,
    guestPaymentId: `pi_${hex(12)}`,
    priceId: newId('pri'),
    productId: newId('pp'),
    subscriptionId: newId('ps'),
    invoiceId: newId('inv'),
    paymentId: newId('pay'),
    paymentMethodId: newId('ppm'),
    taxIdId: newId('ptx'),
    featureId: newId('fea'),
    featureKey: `feature_${hex(8)}`,
    grantId: newId('fgr'),
    exchangeRateId: newId('fxr'),
    checkoutSessionId: newId('pcs'),
    meterId: newId('met'),
    usageEventId: newId('ue'),
    reservationId: newId('rsv'),
    otherCustomerId: newId('pc'),
    referralCode: hex(8).toUpperCase(),
    referralCodeId: newId('rco'),
    referralId: newId('ref'),
    referralPayoutId: newId('rpo'),
    eventId: `evt_${hex(8)}`,
    endpointId: newId('oep'),
    backfillId: newId('bf'),
    apiKeyId: newId('key'),
    memberId: newId('mem'),
    invitationId: newId('invite'),
    teamId: newId('team'),
    projectId: newId('prj'),
  };
  const shared = sharedRows(own, other).map((name) => [name, own.rows[name]]);
  return { ...other, rows: { ...rows, ...Object.fromEntries(shared) } };
}

/** By what names: what both sides have is nobody's secret. */
export const sharedRows = (own: Side, other: Side) =>
  (Object.keys(own.rows) as (keyof Rows)[]).filter((name) => other.rows[name] === own.rows[name]);
