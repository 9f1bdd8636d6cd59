import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newKey, refusal, startReceiver, startTestSandbox, stripeAt } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

async function newAccount() {
  const stripe = stripeAt(sandbox.url, newKey());
  const { id } = await stripe.accounts.retrieveCurrent();
  return { stripe, page: `${sandbox.url}/_sandbox/accounts/${id}`, id };
}

const read = async (url: string) => (await fetch(url)).text();
const submit = (url: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual', headers });

describe('the control page', () => {
  it('lists the accounts', async () => {
    const { stripe, id } = await newAccount();
    await stripe.customers.create();
    expect(await read(`${sandbox.url}/_sandbox`)).toContain(id);
  });

  it('stages a fault, fails the next payment, and takes both back', async () => {
    const { stripe, page } = await newAccount();
    const staged = await submit(`${page}/faults`, { kind: 'unavailable', only: '/v1/products', next: '', seed: 'tea' });
    expect(staged.status).toBe(303);
    expect((await refusal(stripe.products.list())).statusCode).toBe(503);
    await submit(`${page}/faults/payment_decline_next`);
    const shown = await read(page);
    expect(shown).toContain('payment_decline');
    expect(shown).toContain('tea');
    for (const [, id] of shown.matchAll(/faults\/(fault_\w+)\/delete/g)) await submit(`${page}/faults/${id}/delete`);
    await stripe.products.list();
    expect(await read(page)).toContain('Nothing goes wrong here.');
  });

  it('says what is wrong with a form', async () => {
    const { page } = await newAccount();
    const refused = await submit(`${page}/faults`, { kind: 'slow', probability: '7' });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('Invalid probability: 7');
    expect((await submit(`${page}/faults/fault_none/delete`)).status).toBe(404);
    expect((await submit(`${page}/deliveries/99/replay`)).status).toBe(404);
    expect((await submit(`${page}/clocks/clock_none/advance`, { to: 'tomorrow' })).status).toBe(400);
    expect((await fetch(`${page}/events/evt_none`)).status).toBe(404);
  });

  it('shows deliveries and events with their bodies, escaped, and replays one', async () => {
    const { stripe, page } = await newAccount();
    const { received, url } = await startReceiver();
    await stripe.webhookEndpoints.create({ url, enabled_events: ['*'] });
    await stripe.customers.create({ name: '<script>alert(1)</script>' });
    await sandbox.idle();
    const shown = await read(page);
    expect(shown).toContain('HTTP 200');
    const event = /events\/(evt_\w+)/.exec(shown)![1];
    const body = await read(`${page}/events/${event}`);
    expect(body).toContain('&lt;script&gt;alert(1)');
    expect(body).not.toContain('<script');
    const [replay] = /deliveries\/\d+\/replay/.exec(shown)!;
    expect((await submit(`${page}/${replay}`)).status).toBe(303);
    await sandbox.idle();
    expect(received).toHaveLength(2);
  });

  it('rolls a secret', async () => {
    const { stripe, page } = await newAccount();
    const { received, url } = await startReceiver();
    const endpoint = await stripe.webhookEndpoints.create({ url, enabled_events: ['*'] });
    await submit(`${page}/webhook_endpoints/${endpoint.id}/roll_secret`);
    const [secret] = /whsec_\w+/.exec(await read(page))!;
    expect(secret).not.toBe(endpoint.secret);
    await stripe.customers.create();
    await sandbox.idle();
    const signature = String(received[0]!.headers['stripe-signature']);
    expect(signature.match(/v1=/g)).toHaveLength(2);
    stripe.webhooks.constructEvent(received[0]!.body, signature, secret!);
  });

  it('moves a clock', async () => {
    const { stripe, page } = await newAccount();
    const clock = await stripe.testHelpers.testClocks.create({
      frozen_time: Date.UTC(2027, 0, 1) / 1_000,
      name: 'Year',
    });
    expect(await read(page)).toContain('2027-01-01 00:00 UTC');
    await submit(`${page}/clocks/${clock.id}/advance`, { to: '2027-01-05T12:00' });
    await sandbox.idle();
    expect(await stripe.testHelpers.testClocks.retrieve(clock.id)).toMatchObject({
      status: 'ready',
      frozen_time: Date.UTC(2027, 0, 5, 12) / 1_000,
    });
  });

  it('takes no form of another site', async () => {
    const { page } = await newAccount();
    for (const [name, value] of [
      ['sec-fetch-site', 'cross-site'],
      ['sec-fetch-site', 'same-site'],
      ['origin', 'https://evil.example'],
    ] as const) {
      expect((await submit(`${page}/faults/payment_decline_next`, {}, { [name]: value })).status).toBe(403);
    }
    expect(await read(page)).toContain('Nothing goes wrong here.');
  });

  it('answers to no name but the names of this machine', async () => {
    const { page } = await newAccount();
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request(page, { headers: { host: 'rebound.example' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asked.on('error', reject).end();
    });
    expect(status).toBe(403);
  });
});
