import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startReceiver, triedDelivery } from '../outgoing-webhooks/receiver.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

const fields = 'id url description eventTypes enabled disabledAt disabledReason failingSince previousSecretEndsAt';
const mutation =
  (name: string, type: string, selection: string) =>
  (input: object, credential = tenant.apiKey) =>
    ask(billgraph, credential, `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`, { input });
const create = mutation('createOutgoingEndpoint', 'CreateOutgoingEndpointInput', `secret endpoint { ${fields} }`);
const update = mutation('updateOutgoingEndpoint', 'UpdateOutgoingEndpointInput', `endpoint { ${fields} }`);
const remove = mutation('deleteOutgoingEndpoint', 'DeleteOutgoingEndpointInput', 'endpointId');
const rotate = mutation(
  'rotateOutgoingEndpointSecret',
  'RotateOutgoingEndpointSecretInput',
  `secret endpoint { ${fields} }`,
);
const test = mutation('testOutgoingEndpoint', 'TestOutgoingEndpointInput', 'messageId');
const replay = mutation('replayOutgoingMessages', 'ReplayOutgoingMessagesInput', 'replayed hasMore');
const list = async () =>
  (await ask(billgraph, tenant.apiKey, `{ outgoingEndpoints { nodes { ${fields} } totalCount } }`)).data
    .outgoingEndpoints;

/** Nothing is there: an address of documentation, which is refused before it is connected to. */
const url = 'https://203.0.113.1/hooks';
const idOf = async (input: object = { url }) => (await create(input)).data.createOutgoingEndpoint.endpoint.id as string;

describe('answers', () => {
  it('an endpoint with a secret that is shown once', async () => {
    const { data, errors } = await create({ url, eventTypes: ['subscription.*', 'invoice.paid', 'invoice.paid'] });
    expect(errors).toBeUndefined();
    const { endpoint, secret } = data.createOutgoingEndpoint;
    expect(Buffer.from(secret.replace(/^whsec_/, ''), 'base64')).toHaveLength(32);
    expect(endpoint).toEqual({
      id: expect.stringMatching(/^oep_/),
      url,
      description: null,
      eventTypes: ['subscription.*', 'invoice.paid'],
      enabled: true,
      disabledAt: null,
      disabledReason: null,
      failingSince: null,
      previousSecretEndsAt: null,
    });
    expect((await list()).nodes).toContainEqual(endpoint);
  });

  it('with all types where none is named, and what is changed', async () => {
    const { data } = await create({ url, description: ' Ours ' });
    const { id, eventTypes, description } = data.createOutgoingEndpoint.endpoint;
    expect([eventTypes, description]).toEqual([['*'], 'Ours']);
    const changes = { url: 'https://203.0.113.2/', eventTypes: ['customer.*'], description: null, enabled: false };
    expect((await update({ endpointId: id, ...changes })).data.updateOutgoingEndpoint.endpoint).toMatchObject({
      ...changes,
      disabledAt: expect.any(String),
      disabledReason: 'BY_REQUEST',
    });
    expect((await update({ endpointId: id })).data.updateOutgoingEndpoint.endpoint).toMatchObject(changes);
    expect((await update({ endpointId: id, enabled: true })).data.updateOutgoingEndpoint.endpoint).toMatchObject({
      enabled: true,
      disabledAt: null,
      disabledReason: null,
    });
  });

  it('a new secret, and until when the old one signs too', async () => {
    const endpointId = await idOf();
    const day = 86_400_000;
    const { data } = await rotate({ endpointId });
    const { endpoint, secret } = data.rotateOutgoingEndpointSecret;
    expect(secret).toMatch(/^whsec_/);
    expect(Math.abs(Date.parse(endpoint.previousSecretEndsAt) - Date.now() - day)).toBeLessThan(60_000);
    const none = await rotate({ endpointId, overlapHours: 0 });
    expect(none.data.rotateOutgoingEndpointSecret.endpoint.previousSecretEndsAt).toBeNull();
  });

  it('what was deleted, which is not there any more', async () => {
    const endpointId = await idOf();
    expect((await remove({ endpointId })).data.deleteOutgoingEndpoint).toEqual({ endpointId });
    expect((await list()).nodes.map(({ id }: { id: string }) => id)).not.toContain(endpointId);
    const sealed = `select from outgoing_endpoint where id = '${endpointId}' and (sealed_secret is not null or sealed_previous_secret is not null)`;
    expect(await asOwner(billgraph.databaseUrl, sealed)).toEqual([]);
    for (const call of [remove, update, rotate, test])
      expect(refusalsOf(await call({ endpointId }))).toEqual([{ code: 'NOT_FOUND', field: 'endpointId' }]);
  });
});

describe('refuses', () => {
  it.each([
    'http://203.0.113.1/hooks',
    'ftp://203.0.113.1/hooks',
    'hooks',
    '',
    '/hooks',
    'https://user:secret@203.0.113.1/',
    'https://127.0.0.1/hooks',
    'https://0x7f.1/hooks',
    'https://2130706433/hooks',
    'https://10.1.2.3/hooks',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/hooks',
    'https://[::ffff:127.0.0.1]/hooks',
    'https://[fd00::1]/hooks',
    'https://[::7f00:1]/hooks',
    'https://[64:ff9b::7f00:1]/hooks',
    'https://[2002:7f00:1::]/hooks',
    'https://[fec0::1]/hooks',
    'https://localhost/hooks',
    'https://hooks.localhost./',
    `https://203.0.113.1/${'x'.repeat(2_048)}`,
    'https://203.0.113.1/\ud800',
  ])('the address %s', async (address) => {
    const refusal = [{ code: 'BAD_USER_INPUT', field: 'url' }];
    expect(refusalsOf(await create({ url: address }))).toEqual(refusal);
    const [{ id }] = (await list()).nodes;
    expect(refusalsOf(await update({ endpointId: id, url: address }))).toEqual(refusal);
  });

  it.each([
    [{ eventTypes: [] }, 'eventTypes'],
    [{ eventTypes: ['invoice.paid', 'invoice.sent'] }, 'eventTypes.1'],
    [{ eventTypes: ['inv*'] }, 'eventTypes.0'],
    [{ eventTypes: ['endpoint.test'] }, 'eventTypes.0'],
    [{ description: ' ' }, 'description'],
    [{ description: 'x'.repeat(201) }, 'description'],
  ])('%j', async (input, field) => {
    expect(refusalsOf(await create({ url, ...input }))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it('an overlap out of range', async () => {
    const endpointId = await idOf();
    for (const overlapHours of [-1, 169])
      expect(refusalsOf(await rotate({ endpointId, overlapHours }))).toEqual([
        { code: 'BAD_USER_INPUT', field: 'overlapHours' },
      ]);
  });

  it('to try one that is disabled', async () => {
    const endpointId = await idOf();
    await update({ endpointId, enabled: false });
    expect(refusalsOf(await test({ endpointId }))).toEqual([{ code: 'CONFLICT', field: 'endpointId' }]);
  });

  it.each([
    [{}, 'input'],
    [{ ids: [], filter: {} }, 'input'],
    [{ ids: Array(1_001).fill('msg_1') }, 'ids'],
    [{ filter: { type: ['invoice.sent'] } }, 'filter.type.0'],
  ])('to replay %#', async (input, field) => {
    expect(refusalsOf(await replay(input))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it('to replay to an endpoint that is none, and counts messages that are none for nothing', async () => {
    expect(refusalsOf(await replay({ ids: [], endpointId: 'oep_1' }))).toEqual([
      { code: 'NOT_FOUND', field: 'endpointId' },
    ]);
    const none = { data: { replayOutgoingMessages: { replayed: 0, hasMore: false } } };
    expect(await replay({ ids: ['msg_1', '\0', `msg_${'0'.repeat(26)}`] })).toMatchObject(none);
    expect(await replay({ filter: { customerId: '\0' } })).toMatchObject(none);
  });

  it('filters of types that there are not; ids that are none find nothing', async () => {
    for (const field of ['outgoingMessages', 'outgoingDeliveries'])
      expect(
        refusalsOf(await ask(billgraph, tenant.apiKey, `{ ${field}(filter: { type: ["x"] }) { totalCount } }`)),
      ).toEqual([{ code: 'BAD_USER_INPUT', field: 'filter.type.0' }]);
    const odd = '{ outgoingDeliveries(filter: { endpointId: "\\u0000", messageId: "x" }) { totalCount } }';
    expect((await ask(billgraph, tenant.apiKey, odd)).data).toEqual({ outgoingDeliveries: { totalCount: 0 } });
  });

  it('a twenty-first one, also where two are made at once; and any in an archived project', async () => {
    const full = await createTenant(billgraph, { teamId: tenant.teamId });
    const made = await Promise.all(Array.from({ length: 22 }, () => create({ url }, full.apiKey)));
    expect(made.flatMap(refusalsOf)).toEqual(Array(2).fill({ code: 'CONFLICT', field: undefined }));
    const { endpoint } = made.find(({ data }) => data)!.data.createOutgoingEndpoint;
    await asOwner(billgraph.databaseUrl, `update project set archived_at = now() where id = '${full.projectId}'`);
    const endpointId = endpoint.id;
    const calls = [create({ url }, full.apiKey), replay({ filter: {} }, full.apiKey)];
    for (const call of [update, remove, rotate, test]) calls.push(call({ endpointId }, full.apiKey));
    for (const answer of await Promise.all(calls)) expect(refusalsOf(answer)).toMatchObject([{ code: 'CONFLICT' }]);
  });
});

describe('is not allowed', () => {
  it.each([
    ['http://127.0.0.1'],
    ['http://[::ffff:127.0.0.1]'],
    ['http://[::7f00:1]'],
    ['http://[64:ff9b::7f00:1]'],
    ['http://localhost'],
  ])('to lead to a private address, whatever was there when it was made: %s', async (origin) => {
    const receiver = await startReceiver();
    const endpointId = await idOf();
    const address = receiver.url.replace('http://127.0.0.1', origin);
    const led = `update outgoing_endpoint set url = '${address}' where id = '${endpointId}'`;
    await asOwner(billgraph.databaseUrl, led);
    const { messageId } = (await test({ endpointId })).data.testOutgoingEndpoint;
    const delivery = await triedDelivery(billgraph, tenant, messageId);
    expect(delivery).toMatchObject({ status: 'PENDING', lastStatus: null });
    expect(delivery.lastError).toMatch(/private or reserved/);
    expect(receiver.received).toEqual([]);
    await receiver.close();
  });

  it('without the scope', async () => {
    const reader = await tenant.newApiKey({ scopes: ['outgoing_webhooks:read'] });
    expect(refusalsOf(await create({ url }, reader))).toMatchObject([{ code: 'FORBIDDEN' }]);
    const writer = await tenant.newApiKey({ scopes: ['outgoing_webhooks:write'] });
    expect(refusalsOf(await ask(billgraph, writer, '{ outgoingEndpoints { totalCount } }'))).toMatchObject([
      { code: 'FORBIDDEN' },
    ]);
  });
});
