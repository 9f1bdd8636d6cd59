import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trigger } from './cli.rig.ts';
import { newKey, startTestSandbox, stripeAt } from './sandbox.rig.ts';

/** Each journey of Stripe's CLI, with the event that must arrive where the journey is not named after it. */
const journeys: Record<string, string> = {
  'billing_portal.configuration.created': '',
  'billing_portal.session.created': '',
  'charge.failed': '',
  'charge.refunded': '',
  'checkout.session.completed': '',
  'checkout.session.async_payment_failed': '',
  'checkout.session.async_payment_succeeded': '',
  'checkout.session.expired': '',
  'coupon.created': '',
  'coupon.deleted': '',
  'customer.created': '',
  'customer.deleted': '',
  'customer.updated': '',
  'customer.discount.created': '',
  'customer.subscription.created': '',
  'customer.subscription.deleted': '',
  'customer.subscription.paused': '',
  'customer.subscription.trial_will_end': '',
  'customer.subscription.updated': '',
  'invoice.created': '',
  'invoice.finalized': '',
  'invoice.paid': '',
  'invoice.payment_succeeded': '',
  'invoice.payment_failed': '',
  'invoice.payment_action_required': '',
  'invoice.marked_uncollectible': '',
  'invoice.voided': '',
  'payment_intent.created': '',
  'payment_intent.succeeded': '',
  'payment_intent.payment_failed': '',
  'payment_intent.requires_action': '',
  'payment_method.attached': '',
  'payment_method.detached': '',
  'price.created': '',
  'price.updated': '',
  'product.created': '',
  'product.deleted': '',
  'promotion_code.created': '',
  'setup_intent.succeeded': '',
  'setup_intent.setup_failed': '',
  'subscription.payment_failed': 'invoice.payment_failed',
  'subscription.payment_succeeded': 'invoice.payment_succeeded',
  'test_helpers.test_clock.advancing': '',
  'v1.billing.meter.error_report_triggered': '',
};

/** Journeys that cannot work here, with the reason. */
const impossible: Record<string, string> = {
  'v1.billing.meter.error_report_triggered':
    'the CLI posts to https://meter-events.stripe.com, whatever --api-base says; see events.test.ts for the event',
};

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
let endpoint: Awaited<ReturnType<typeof startEndpoint>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
  endpoint = await startEndpoint();
});
afterAll(async () => {
  endpoint.close();
  await sandbox.close();
});

/** Keeps what is posted, by path. */
async function startEndpoint() {
  const received = new Map<string, { body: string; signature: string }[]>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const one = { body: Buffer.concat(chunks).toString(), signature: String(request.headers['stripe-signature']) };
    received.set(request.url!, [...(received.get(request.url!) ?? []), one]);
    response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, at: (path: string) => received.get(path) ?? [], close: () => server.close() };
}

/** The types of the events that arrived at `path`, each with a signature by `secret`. */
function signedTypes(path: string, secret: string, thinSecret: string): string[] {
  return endpoint.at(path).map(({ body, signature }) => {
    const { object } = JSON.parse(body);
    if (object === 'v2.core.event')
      return stripeAt(sandbox.url).parseEventNotification(body, signature, thinSecret).type;
    const event = Stripe.webhooks.constructEvent(body, signature, secret);
    expect(event).toMatchObject({
      id: expect.stringMatching(/^evt_/),
      object: 'event',
      api_version: Stripe.API_VERSION,
      created: expect.any(Number),
      livemode: false,
      pending_webhooks: expect.any(Number),
      data: { object: { object: expect.any(String) } },
    });
    expect(event.request).toHaveProperty('id');
    expect(event.request).toHaveProperty('idempotency_key');
    return event.type;
  });
}

async function until(condition: () => boolean): Promise<boolean> {
  const limit = performance.now() + 10_000;
  while (!condition() && performance.now() < limit) await new Promise((resolve) => setTimeout(resolve, 20));
  return condition();
}

describe.concurrent("Stripe's CLI", { timeout: 60_000 }, () => {
  it.for(Object.entries(journeys))('%s', async ([name, event], { skip, expect }) => {
    skip(name in impossible, impossible[name]);
    const key = newKey();
    const path = `/${name}`;
    const url = endpoint.url + path;
    const stripe = stripeAt(sandbox.url, key);
    const { secret } = await stripe.webhookEndpoints.create({ url, enabled_events: ['*'] });
    const thin = await stripe.v2.core.eventDestinations.create({
      name: 'thin',
      type: 'webhook_endpoint',
      event_payload: 'thin',
      enabled_events: ['*'],
      webhook_endpoint: { url },
    });
    const { succeeded, said } = await trigger(name, sandbox.url, key);
    expect(succeeded, said).toBe(true);
    const wanted = event || name;
    await until(() => endpoint.at(path).some(({ body }) => JSON.parse(body).type === wanted));
    expect(signedTypes(path, secret!, thin.webhook_endpoint!.signing_secret!)).toContain(wanted);
  });
});
