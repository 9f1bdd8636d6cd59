import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeMonthlyPrice, startTestSandbox, stripeAt } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
let known: string[];
beforeAll(async () => {
  sandbox = await startTestSandbox();
  const stripe = stripeAt(sandbox.url);
  const customer = await stripe.customers.create({ email: 'ada@example.com', payment_method: 'pm_card_visa' });
  const [card] = (await stripe.paymentMethods.list({ customer: customer.id })).data;
  const price = await makeMonthlyPrice(stripe);
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    default_payment_method: card!.id,
  });
  const session = await stripe.billingPortal.sessions.create({ customer: customer.id });
  const checkout = await stripe.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price: price.id, quantity: 1 }],
    success_url: 'https://x.test',
  });
  const [event] = (await stripe.events.list({ limit: 1 })).data;
  const { id: account } = await stripe.accounts.retrieveCurrent();
  known = [subscription.id, session.id, checkout.id, subscription.latest_invoice as string, event!.id, account];
});
afterAll(() => sandbox.close());

const pages = [
  '/c/pay/:id',
  '/3d-secure/:id',
  '/i/:id',
  '/i/:id/pdf',
  '/p/session/:id',
  '/p/session/:id/subscriptions/:id/update',
  '/p/session/:id/subscriptions/:id/cancel',
  '/p/session/:id/subscriptions/:id/resume',
  '/p/session/:id/payment_method',
  '/p/session/:id/details',
  '/_sandbox',
  '/_sandbox/accounts/:id',
  '/_sandbox/accounts/:id/events/:id',
  '/_sandbox/accounts/:id/faults',
  '/_sandbox/accounts/:id/faults/:id/delete',
  '/_sandbox/accounts/:id/deliveries/:id/replay',
  '/_sandbox/accounts/:id/webhook_endpoints/:id/roll_secret',
  '/_sandbox/accounts/:id/clocks/:id/advance',
];

const text = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '4242424242424242',
    '12/34',
    '12 / 2034',
    'pay',
    'apply',
    'cancel',
    '\0',
    'ada@x.test',
  ),
  fc.constantFrom('2027-01-01T00:00', 'too_expensive', "'", '<script>', '\ud800'),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
const names = [
  'email',
  'number',
  'expiry',
  'cvc',
  'action',
  'promotion_code',
  'price',
  'quantity',
  'feedback',
  'comment',
];
const fields = fc.dictionary(
  fc.constantFrom(...names, 'name', 'kind', 'only', 'next', 'to', 'email[a]', '__proto__'),
  text,
);

it('shows a page for every input, and no failure of its own', { timeout: 60_000 }, async () => {
  const id = fc.oneof(
    fc.nat().map((index) => known[index % known.length]!),
    fc.constantFrom('in_1', '%00', '%ff', "'", 'x'.repeat(2_000)),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).map((text) => encodeURIComponent(text.toWellFormed())),
  );
  const request = fc.tuple(
    fc.constantFrom(...pages),
    fc.array(id, { minLength: 2, maxLength: 2 }),
    fields,
    fc.boolean(),
  );
  const property = fc.asyncProperty(request, async ([page, ids, fields, isForm]) => {
    const url = sandbox.url + ids.reduce((path, id) => path.replace(':id', () => id), page);
    const form = new URLSearchParams(
      Object.entries(fields).map(([name, value]): [string, string] => [name, value.toWellFormed()]),
    );
    const response = await fetch(url, { redirect: 'manual', ...(isForm && { method: 'POST', body: form }) });
    const answer = await response.text();
    expect(response.status, answer).toBeLessThan(500);
    expect(answer).not.toContain('<script');
  });
  // A failure prints its seed and path.
  await fc.assert(property, { numRuns: 500 });
});
