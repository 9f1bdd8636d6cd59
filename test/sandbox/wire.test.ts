import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { newKey, refusal, startTestSandbox, stripeAt } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

/** A request as any client may send it. */
async function send(path: string, init: RequestInit & { key?: string } = {}) {
  const { key = 'sk_test_wire', ...rest } = init;
  const headers = { authorization: `Bearer ${key}`, ...(rest.headers as Record<string, string>) };
  const response = await fetch(sandbox.url + path, { ...rest, headers });
  const body = (await response.json()) as { id: string; error: Record<string, string> };
  return { status: response.status, headers: response.headers, body };
}

const form = (body: string) => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});

describe('keys', () => {
  it('takes a key as Bearer or as the user of Basic', async () => {
    const basic = `Basic ${Buffer.from('sk_test_wire:').toString('base64')}`;
    const [first, second] = [
      await send('/v1/account'),
      await send('/v1/account', { headers: { authorization: basic } }),
    ];
    expect(first.status).toBe(200);
    expect(second.body.id).toBe(first.body.id);
  });

  it('names the account in a key like those of Stripe, and gives any other key its own', async () => {
    const idOf = async (key: string) => (await send('/v1/account', { key })).body.id;
    expect(await idOf('sk_test_51ABCDEFGHIJKLMNOPfirst')).toBe('acct_1ABCDEFGHIJKLMNOP');
    expect(await idOf('rk_test_51ABCDEFGHIJKLMNOPother')).toBe('acct_1ABCDEFGHIJKLMNOP');
    expect(await idOf('sk_test_a')).not.toBe(await idOf('sk_test_b'));
  });

  it('keeps accounts apart', async () => {
    const { id } = await stripeAt(sandbox.url).customers.create({ email: 'ada@example.com' });
    expect((await refusal(stripeAt(sandbox.url).customers.retrieve(id))).code).toBe('resource_missing');
  });

  it.each([
    ['', 401, 'You did not provide an API key'],
    ['Bearer sk_live_51abcdef', 401, 'refuses live keys (sk_live_****cdef)'],
    ['Bearer rk_live_51abcdef', 401, 'refuses live keys'],
    ['Bearer nonsense', 401, 'Invalid API Key provided: ****ense'],
    ['Bearer pk_test_123', 403, 'publishable'],
  ])('refuses %j with %i', async (authorization, status, message) => {
    const answer = await send('/v1/customers', { headers: { authorization } });
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatchObject({
      type: 'invalid_request_error',
      message: expect.stringContaining(message),
    });
  });

  it('has no connected accounts', async () => {
    const answer = await send('/v1/customers', { headers: { 'stripe-account': 'acct_other' } });
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'account_invalid' } } });
  });
});

describe('requests', () => {
  it('carries a request id and the version that was asked for', async () => {
    const answer = await send('/v1/customers', { headers: { 'stripe-version': '2026-10-28.endive' } });
    expect(answer.headers.get('request-id')).toMatch(/^req_\w{14}$/);
    expect(answer.headers.get('stripe-version')).toBe('2026-10-28.endive');
  });

  it.each([
    ['GET', '/v1/nothing', undefined, 404, 'Unrecognized request URL (GET: /v1/nothing)'],
    ['PATCH', '/v1/customers', undefined, 404, 'Unrecognized request URL (PATCH'],
    ['GET', '/v1/%zz', undefined, 400, '%zz'],
    ['GET', '/v1/customers/cus_%00', undefined, 400, 'null character'],
    ['GET', '/v1/customers?limit=0', undefined, 400, 'greater than or equal to 1'],
    ['GET', '/v1/customers?limit=101', undefined, 400, 'less than or equal to 100'],
    ['GET', '/v1/customers?limit=ten', undefined, 400, 'Invalid integer: ten'],
    ['GET', '/v1/customers?starting_after=cus_none', undefined, 400, 'No such customer'],
    ['GET', '/v1/customers?created[gt]=x', undefined, 400, 'Invalid integer: x'],
    ['POST', '/v1/customers', 'nonsense=1', 400, 'Received unknown parameter: nonsense'],
    ['POST', '/v1/customers', 'address[planet]=earth', 400, 'address[planet]'],
    ['POST', '/v1/customers', 'email=not-an-address', 400, 'Invalid email address'],
    ['POST', '/v1/customers', 'email[x]=1', 400, 'Invalid string'],
    ['POST', '/v1/customers', 'name=a%00b', 400, 'null character'],
    ['POST', '/v1/customers', `metadata[${'k'.repeat(41)}]=1`, 400, 'at most 40 characters'],
    ['POST', '/v1/customers', `metadata[k]=${'v'.repeat(501)}`, 400, 'at most 500 characters'],
    ['POST', '/v1/customers', 'metadata[a][b]=1', 400, 'must be text'],
    ['POST', '/v1/customers', 'a'.repeat(1_100_000), 413, 'too large'],
    ['POST', '/v1/customers', 'a[b][c][d][e][f][g][h][i][j][k][l][m]=1', 400, 'could not be read'],
    ['POST', '/v1/products', 'description=x', 400, 'Missing required param: name.'],
    ['POST', '/v1/products', 'name=', 400, "You passed an empty string for 'name'"],
    ['POST', '/v1/products', 'name=x&active=yes', 400, 'Invalid boolean: yes'],
    ['POST', '/v1/products', 'name=x&url=javascript:alert(1)', 400, 'Not a valid URL'],
    ['POST', '/v1/webhook_endpoints', 'url=ftp://x&enabled_events[]=*', 400, 'Not a valid URL'],
    ['POST', '/v1/webhook_endpoints', 'url=http://x', 400, 'Missing required param: enabled_events.'],
    ['POST', '/v1/webhook_endpoints', 'url=http://x&enabled_events[]=nonsense', 400, 'Invalid event type'],
    ['POST', '/v1/webhook_endpoints', 'url=http://x&enabled_events[]=*&api_version=1999-01-01', 400, 'api_version'],
  ])('%s %s %s is refused', async (method, path, body, status, message) => {
    const answer = await send(path, body ? form(body) : { method });
    expect(answer.status).toBe(status);
    expect(answer.body.error.type).toBe('invalid_request_error');
    expect(answer.body.error.message).toContain(message);
  });

  it('names the parameter, the code and where to read about it', async () => {
    const { body } = await send('/v1/checkout/sessions', form('mode=rent&success_url=https://x.test'));
    expect(body.error).toMatchObject({
      param: 'mode',
      message: 'Invalid mode: must be one of payment, setup, or subscription',
    });
    const unknown = await send('/v1/customers', form('shipping[name]=x&shipping[address][x]=1'));
    expect(unknown.body.error).toMatchObject({
      code: 'parameter_unknown',
      param: 'shipping[address][x]',
      doc_url: 'https://docs.stripe.com/error-codes/parameter-unknown',
    });
  });

  it('takes forms only', async () => {
    const json = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
    expect(await send('/v1/customers', json)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('form') } },
    });
  });

  it('takes what an older version still had, and refuses it where it is gone', async () => {
    const body = 'mode=setup&success_url=https://x.test&payment_method_types[]=card';
    const versioned = (version: string) => ({
      ...form(body),
      headers: { ...form(body).headers, 'stripe-version': version },
    });
    expect((await send('/v1/checkout/sessions', versioned('2026-08-26.dahlia'))).status).toBe(200);
    expect((await send('/v1/checkout/sessions', form(body))).status).toBe(200);
    const gone = await send('/v1/checkout/sessions', versioned('2026-10-28.endive'));
    expect(gone.body.error).toMatchObject({ code: 'parameter_unknown', param: 'payment_method_types' });
    expect((await send('/v1/account', { headers: { 'stripe-version': 'newest' } })).status).toBe(400);
  });
});

describe('idempotency', () => {
  it('answers the same again, and does it once', async () => {
    const stripe = stripeAt(sandbox.url);
    const key = { idempotencyKey: 'once' };
    const first = await stripe.customers.create({ email: 'ada@example.com' }, key);
    const second = await stripe.customers.create({ email: 'ada@example.com' }, key);
    expect(second.id).toBe(first.id);
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect((await stripe.customers.list()).data).toHaveLength(1);
    expect((await stripe.events.list()).data[0]!.request).toMatchObject({ idempotency_key: 'once' });
  });

  it('refuses a key with other parameters', async () => {
    const stripe = stripeAt(sandbox.url);
    await stripe.customers.create({ email: 'ada@example.com' }, { idempotencyKey: 'k' });
    const other = await refusal(stripe.customers.create({ email: 'bob@example.com' }, { idempotencyKey: 'k' }));
    expect(other).toMatchObject({ statusCode: 400, type: 'StripeIdempotencyError' });
  });

  it('forgets a request that was refused as malformed', async () => {
    const stripe = stripeAt(sandbox.url);
    await refusal(stripe.customers.create({ email: 'nonsense' }, { idempotencyKey: 'k' }));
    expect((await stripe.customers.create({ email: 'ada@example.com' }, { idempotencyKey: 'k' })).id).toMatch(/^cus_/);
  });

  it('refuses a second request while the first runs', async () => {
    const stripe = stripeAt(sandbox.url);
    const attempts = Array.from({ length: 20 }, () =>
      stripe.customers.create({ email: 'ada@example.com' }, { idempotencyKey: 'raced' }).catch((error) => error),
    );
    const answers = await Promise.all(attempts);
    const refused = answers.filter((answer) => answer.statusCode);
    expect(new Set(answers.flatMap(({ object, id }) => (object ? id : []))).size).toBe(1);
    for (const error of refused) expect(error).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    expect((await stripe.customers.list()).data).toHaveLength(1);
  });

  it('refuses a key over 255 characters', async () => {
    const error = await refusal(stripeAt(sandbox.url).customers.create({}, { idempotencyKey: 'k'.repeat(256) }));
    expect(error.message).toContain('255');
  });
});

describe('lists', () => {
  it('go newest first, by cursors in both directions', async () => {
    const stripe = stripeAt(sandbox.url);
    const ids: string[] = [];
    for (let count = 0; count < 7; count++) ids.unshift((await stripe.customers.create()).id);
    const page = await stripe.customers.list({ limit: 3 });
    expect(page).toMatchObject({ object: 'list', has_more: true, url: '/v1/customers' });
    expect(page.data.map(({ id }) => id)).toEqual(ids.slice(0, 3));
    const last = await stripe.customers.list({ limit: 4, starting_after: ids[2] });
    expect(last).toMatchObject({ has_more: false });
    expect(last.data.map(({ id }) => id)).toEqual(ids.slice(3));
    const back = await stripe.customers.list({ limit: 2, ending_before: ids[4] });
    expect(back).toMatchObject({ has_more: true });
    expect(back.data.map(({ id }) => id)).toEqual(ids.slice(2, 4));
    expect(await stripe.customers.list({ limit: 2 }).autoPagingToArray({ limit: 100 })).toHaveLength(7);
    const both = await refusal(stripe.customers.list({ starting_after: ids[1], ending_before: ids[3] }));
    expect(both.message).toContain('only specify one');
  });

  it('filter by email and by time', async () => {
    const stripe = stripeAt(sandbox.url);
    const ada = await stripe.customers.create({ email: 'ada@example.com' });
    await stripe.customers.create({ email: 'bob@example.com' });
    expect((await stripe.customers.list({ email: 'ada@example.com' })).data.map(({ id }) => id)).toEqual([ada.id]);
    expect((await stripe.customers.list({ created: { gt: ada.created + 1_000 } })).data).toEqual([]);
    expect((await stripe.customers.list({ created: { gte: ada.created, lt: ada.created + 1_000 } })).data).toHaveLength(
      2,
    );
  });
});

describe('expansion', () => {
  it('fills in references, nested and in lists', async () => {
    const stripe = stripeAt(sandbox.url);
    const price = await stripe.prices.create({ currency: 'usd', unit_amount: 5, product_data: { name: 'Pro' } });
    const found = await stripe.prices.list({ expand: ['data.product'] });
    expect(found.data[0]!.product).toMatchObject({ object: 'product', name: 'Pro' });
    const session = await stripe.checkout.sessions.create({
      mode: 'payment',
      success_url: 'https://x.test',
      line_items: [{ price: price.id, quantity: 1 }],
      expand: ['line_items.data.price.product'],
    });
    expect(session.line_items!.data[0]!.price!.product).toMatchObject({ name: 'Pro' });
    expect((await stripe.checkout.sessions.retrieve(session.id)).line_items).toBeUndefined();
  });

  it.each([[['email']], [['nothing']], [['invoice_settings.nothing']], [['a.b.c.d.e.f']]])(
    'refuses %j',
    async (expand) => {
      const stripe = stripeAt(sandbox.url);
      const { id } = await stripe.customers.create({ email: 'ada@example.com' });
      expect((await refusal(stripe.customers.retrieve(id, { expand }))).message).toMatch(/expand/);
    },
  );
});

it('merges metadata key by key, and unsets by empty text', async () => {
  const stripe = stripeAt(sandbox.url);
  const { id } = await stripe.customers.create({ name: 'Ada', metadata: { a: '1', b: '2' } });
  const updated = await stripe.customers.update(id, { metadata: { b: '', c: '3' }, name: '' });
  expect(updated).toMatchObject({ metadata: { a: '1', c: '3' }, name: null });
  expect(updated.metadata).not.toHaveProperty('b');
  const [event] = (await stripe.events.list({ type: 'customer.updated' })).data;
  expect(event!.data.previous_attributes).toEqual({ metadata: { b: '2', c: null }, name: 'Ada' });
  expect((await stripe.customers.update(id, { metadata: '' })).metadata).toEqual({});
});

it('says nothing of an update that changes nothing', async () => {
  const stripe = stripeAt(sandbox.url);
  const { id } = await stripe.customers.create({ name: 'Ada' });
  await stripe.customers.update(id, { name: 'Ada' });
  expect((await stripe.events.list({ types: ['customer.updated'] })).data).toEqual([]);
});

it('keeps everything over a restart', async () => {
  const key = newKey();
  const first = await startTestSandbox({ databaseUrl: sandbox.databaseUrl });
  const { id } = await stripeAt(first.url, key).customers.create({ email: 'ada@example.com' });
  await first.close();
  const second = await startTestSandbox({ databaseUrl: sandbox.databaseUrl });
  expect(await stripeAt(second.url, key).customers.retrieve(id)).toMatchObject({ email: 'ada@example.com' });
  await second.close();
});

it('does not start in production', async () => {
  vi.stubEnv('NODE_ENV', 'production');
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(startTestSandbox({ databaseUrl: sandbox.databaseUrl })).rejects.toThrow('does not start');
});
