import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { newId } from '../../src/ids.ts';
import { StripeConnection } from '../../src/tenancy/connections/stripe-connection.entity.ts';
import { Project } from '../../src/tenancy/teams/project.entity.ts';
import { Team } from '../../src/tenancy/teams/team.entity.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant, testPublicUrl } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { createOperator, type TestOperator } from '../rig/operator.ts';
import { type StripeProxy, startStripeProxy } from '../rig/stripe-proxy.ts';

let proxy: StripeProxy;
let billgraph: Billgraph;
let teamId: string;
let owner: TestOperator;
beforeAll(async () => {
  proxy = await startStripeProxy(() => billgraph.sandbox.url);
  billgraph = await startBillgraph({ stripeApiUrl: proxy.url });
});
beforeEach(async () => {
  proxy.instead.clear();
  const em = billgraph.app.orm.em.fork();
  const team = em.create(Team, { id: newId('team'), name: 'Acme' });
  em.create(Project, { id: newId('prj'), name: 'Acme App', team });
  await em.flush();
  teamId = team.id;
  owner = await createOperator(billgraph, { teamId });
});
afterAll(async () => {
  await billgraph.close();
  proxy.close();
});

const account = () => randomBytes(8).toString('hex');
/** A key of an account, as the sandbox reads it. */
const keyOf = (of: string, kind = 'sk_test') => `${kind}_51${of}${randomBytes(6).toString('hex')}`;
const connection =
  'connection { id environment stripeAccountId connected stripeWebhookEndpointId webhookSecretRetiresAt }';
const mutate =
  (name: string, type: string, fields: string) =>
  (input: object, as = owner) =>
    as.ask(`mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`, {
      input: { environment: 'TEST', ...input },
    });
const connect = mutate('connectStripe', 'StripeKeyInput', connection);
const rotate = mutate('rotateStripeKey', 'StripeKeyInput', connection);
const roll = mutate('rollWebhookSecret', 'RollWebhookSecretInput', connection);
const disconnect = mutate('disconnectStripe', 'DisconnectStripeInput', 'endpointsDeleted');
const row = () => billgraph.app.orm.em.fork().findOneOrFail(StripeConnection, { team: teamId });
const endpoints = async () => {
  const { id } = await row();
  const { stripe } = (await billgraph.app.connections.byId(id))!;
  return (await stripe.webhookEndpoints.list()).data;
};

describe('connectStripe', () => {
  it('keeps the key sealed, and makes the webhook endpoint', async () => {
    const of = account();
    const secretKey = keyOf(of);
    const { data } = await connect({ secretKey });
    const made = data.connectStripe.connection;
    expect(made).toEqual({
      id: expect.stringMatching(/^conn_/),
      environment: 'TEST',
      stripeAccountId: `acct_1${of}`,
      connected: true,
      stripeWebhookEndpointId: expect.stringMatching(/^we_/),
      webhookSecretRetiresAt: null,
    });
    expect((await endpoints()).map(({ url }) => url)).toEqual([`${testPublicUrl}/webhooks/stripe/${made.id}`]);
    expect(JSON.stringify(await row())).not.toContain(secretKey);
    const { stripeConnections } = (await owner.ask('{ stripeConnections { id connected } }')).data;
    expect(stripeConnections).toEqual([{ id: made.id, connected: true }]);
  });

  it('takes a restricted key without the right to event destinations: the webhook endpoint is made all the same', async () => {
    const error = { type: 'invalid_request_error', message: 'Not permitted.' };
    proxy.instead.set('GET /v2/core/event_destinations', { status: 403, body: { error } });
    expect((await connect({ secretKey: keyOf(account(), 'rk_test') })).errors).toBeUndefined();
    expect(await endpoints()).toHaveLength(1);
    expect(await row()).toMatchObject({ stripeEventDestinationId: null, sealedThinSecret: null });
    expect((await disconnect({})).data.disconnectStripe).toEqual({ endpointsDeleted: true });
  });

  it('takes a restricted key with every right', async () => {
    expect((await connect({ secretKey: keyOf(account(), 'rk_test') })).errors).toBeUndefined();
  });

  it('names the right that a restricted key lacks', async () => {
    const error = {
      type: 'invalid_request_error',
      message: "Having the 'rak_subscription_read' permission would allow…",
    };
    proxy.instead.set('GET /v1/subscriptions', { status: 403, body: { error } });
    const answer = await connect({ secretKey: keyOf(account(), 'rk_test') });
    expect(refusalsOf(answer)).toEqual([{ code: 'BAD_USER_INPUT', field: 'secretKey' }]);
    expect(answer.errors![0]!.message).toContain('lacks Subscriptions: read.');
    expect(await billgraph.app.orm.em.fork().count(StripeConnection, { team: teamId })).toBe(0);
  });

  it.each([
    ['of the other mode', () => ({ secretKey: keyOf(account(), 'sk_live') })],
    ['that is publishable', () => ({ secretKey: keyOf(account(), 'pk_test') })],
    ['that is none', () => ({ secretKey: 'secret' })],
    ['of the other environment', () => ({ secretKey: keyOf(account()), environment: 'LIVE' })],
    ['with a line break', () => ({ secretKey: `${keyOf(account())}\r\nx: y` })],
  ])('refuses a key %s', async (_name, input) => {
    expect(refusalsOf(await connect(input()))).toEqual([{ code: 'BAD_USER_INPUT', field: 'secretKey' }]);
  });

  it('refuses a key that Stripe refuses, and says nothing of it', async () => {
    const error = { type: 'invalid_request_error', message: 'Invalid API Key provided' };
    proxy.instead.set('GET /v1/account', { status: 401, body: { error } });
    const secretKey = keyOf(account());
    const answer = await connect({ secretKey });
    expect(refusalsOf(answer)).toEqual([{ code: 'BAD_USER_INPUT', field: 'secretKey' }]);
    expect(JSON.stringify(answer)).not.toContain(secretKey);
    expect(billgraph.logged.join('')).not.toContain(secretKey);
  });

  it('says that Stripe cannot be asked', async () => {
    const error = { type: 'api_error', message: 'Sorry.' };
    proxy.instead.set('GET /v1/account', { status: 500, body: { error } });
    expect(refusalsOf(await connect({ secretKey: keyOf(account()) }))).toEqual([{ code: 'STRIPE_ERROR' }]);
  });

  it('refuses a second account', async () => {
    await connect({ secretKey: keyOf(account()) });
    expect(refusalsOf(await connect({ secretKey: keyOf(account()) }))).toEqual([{ code: 'CONFLICT' }]);
  });

  it('makes one connection of many calls at once', async () => {
    const secretKey = keyOf(account());
    const answers = await Promise.all(Array.from({ length: 8 }, () => connect({ secretKey })));
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
    expect(new Set(answers.flatMap(refusalsOf).map(({ code }) => code))).toEqual(new Set(['CONFLICT']));
    expect(await endpoints()).toHaveLength(1);
  });
});

describe('rotateStripeKey', () => {
  it('takes another key of the same account at once', async () => {
    const of = account();
    await connect({ secretKey: keyOf(of) });
    const secretKey = keyOf(of);
    expect((await rotate({ secretKey })).errors).toBeUndefined();
    const { sealedSecretKey, id } = await row();
    expect(billgraph.app.sealer.open(sealedSecretKey!, id)).toBe(secretKey);
  });

  it('refuses a key of another account, and where nothing is connected', async () => {
    expect(refusalsOf(await rotate({ secretKey: keyOf(account()) }))).toEqual([{ code: 'CONFLICT' }]);
    await connect({ secretKey: keyOf(account()) });
    const other = await rotate({ secretKey: keyOf(account()) });
    expect(refusalsOf(other)).toEqual([{ code: 'CONFLICT', field: 'secretKey' }]);
  });
});

describe('rollWebhookSecret', () => {
  it('accepts both secrets until the old one ends', async () => {
    await connect({ secretKey: keyOf(account()) });
    const { data } = await roll({ overlap: 3_600 });
    expect(data.rollWebhookSecret.connection.webhookSecretRetiresAt).toEqual(expect.any(String));
    expect((await row()).sealedWebhookSecrets).toHaveLength(2);
  });

  it('refuses an overlap out of range, and where nothing is connected', async () => {
    expect(refusalsOf(await roll({}))).toEqual([{ code: 'CONFLICT' }]);
    await connect({ secretKey: keyOf(account()) });
    for (const overlap of [-1, 86_401])
      expect(refusalsOf(await roll({ overlap }))).toEqual([{ code: 'BAD_USER_INPUT', field: 'overlap' }]);
  });
});

describe('disconnectStripe', () => {
  it('forgets the secrets and takes the endpoint out of Stripe; the account may come back, and no other', async () => {
    const of = account();
    await connect({ secretKey: keyOf(of) });
    const { stripe } = (await billgraph.app.connections.byId((await row()).id))!;
    expect((await disconnect({})).data.disconnectStripe).toEqual({ endpointsDeleted: true });
    expect((await stripe.webhookEndpoints.list()).data).toEqual([]);
    expect((await stripe.v2.core.eventDestinations.list()).data).toEqual([]);
    expect(await row()).toMatchObject({ sealedSecretKey: null, sealedWebhookSecrets: [], sealedThinSecret: null });
    expect(refusalsOf(await disconnect({}))).toEqual([{ code: 'CONFLICT' }]);
    const delivery = await fetch(`${billgraph.url}/webhooks/stripe/${(await row()).id}`, {
      method: 'POST',
      body: '{}',
    });
    expect(delivery.status).toBe(404);

    expect(refusalsOf(await connect({ secretKey: keyOf(account()) }))).toEqual([
      { code: 'CONFLICT', field: 'secretKey' },
    ]);
    const { id } = await row();
    expect((await connect({ secretKey: keyOf(of) })).data.connectStripe.connection).toMatchObject({
      id,
      connected: true,
    });
    expect(await endpoints()).toHaveLength(1);
  });

  it('says that the endpoint stays, where Stripe no longer takes the key', async () => {
    await connect({ secretKey: keyOf(account()) });
    const error = { type: 'invalid_request_error', message: 'Expired API Key provided' };
    proxy.instead.set('GET /v1/webhook_endpoints', { status: 401, body: { error } });
    expect((await disconnect({})).data.disconnectStripe).toEqual({ endpointsDeleted: false });
  });

  it('changes nothing where Stripe cannot be reached', async () => {
    await connect({ secretKey: keyOf(account()) });
    const error = { type: 'api_error', message: 'Sorry.' };
    proxy.instead.set('GET /v1/webhook_endpoints', { status: 500, body: { error } });
    expect(refusalsOf(await disconnect({}))).toEqual([{ code: 'STRIPE_ERROR' }]);
    expect((await row()).sealedSecretKey).not.toBeNull();
  });
});

describe('is not allowed', () => {
  it('to an API key, a member or a viewer', async () => {
    const tenant: TestTenant = await createTenant(billgraph);
    const document = 'mutation { disconnectStripe(input: { environment: TEST }) { endpointsDeleted } }';
    expect(refusalsOf(await ask(billgraph, tenant.apiKey, document))).toEqual([{ code: 'FORBIDDEN' }]);
    for (const role of ['MEMBER', 'VIEWER'] as const) {
      const person = await createOperator(billgraph, tenant, role);
      expect(refusalsOf(await person.ask(document))).toEqual([{ code: 'FORBIDDEN' }]);
      expect((await person.ask('{ stripeConnections { id } }')).data.stripeConnections).toHaveLength(1);
    }
    expect(
      (await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input: { email: 'x@example.com' } })).errors,
    ).toBeUndefined();
  });
});
