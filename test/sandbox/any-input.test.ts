import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { routes } from '../../src/sandbox/routes.ts';
import { newKey, startTestSandbox } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

const names = [
  'id',
  'name',
  'email',
  'customer',
  'mode',
  'price',
  'limit',
  'created',
  'expand',
  'metadata',
  'line_items',
  'currency',
  'unit_amount',
  'recurring',
  'product',
  'url',
  'enabled_events',
  'success_url',
  'subscription_data',
  'tiers',
  'card',
  'type',
  'address',
  'items',
  '__proto__',
  'constructor',
  'toString',
];
const path = fc.tuple(
  fc.constantFrom(...names),
  fc.array(
    fc.oneof(
      fc.constantFrom('[]', '[0]', '[99999]', '[', ']', '[][]', '[__proto__]'),
      fc.constantFrom(...names).map((name) => `[${name}]`),
    ),
    { maxLength: 3 },
  ),
);
const value = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e9',
    '99999999999999999999',
    'true',
    'null',
    'usd',
    'payment',
    'subscription',
    'https://x.test',
    'card',
    'month',
    '\0',
    '%',
    '\ud800',
    '../..',
    'data.customer',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
const form = fc.array(fc.tuple(path, value), { maxLength: 8 });
const id = fc.oneof(
  fc.constantFrom('cus_1', 'x'.repeat(3_000), '%00', '%ff', '..', "'"),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).map(percent),
);

function percent(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

it('answers every input with an object or an error object, and no failure of its own', {
  timeout: 60_000,
}, async () => {
  const key = newKey();
  const request = fc.tuple(fc.constantFrom(...routes), form, id, fc.boolean());
  const property = fc.asyncProperty(request, async ([[method, route], fields, id, isRaw]) => {
    const body = fields
      .map(
        ([[name, rest], value]) => `${isRaw ? name + rest.join('') : percent(name + rest.join(''))}=${percent(value)}`,
      )
      .join('&');
    const url = sandbox.url + route.replaceAll(/:\w+/g, id);
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetch(method === 'GET' ? `${url}?${body}` : url, {
      method,
      headers,
      ...(method !== 'GET' && { body }),
    });
    const answer = (await response.json()) as { object?: string; data?: []; error?: { type: string; message: string } };
    expect(response.status, JSON.stringify(answer)).toBeLessThan(500);
    // A list of the v2 API does not say what it is.
    if (response.ok) expect(typeof answer.object === 'string' || Array.isArray(answer.data)).toBe(true);
    else expect(answer.error).toMatchObject({ type: expect.any(String), message: expect.any(String) });
  });
  // A failure prints its seed and path.
  await fc.assert(property, { numRuns: 600 });
});
