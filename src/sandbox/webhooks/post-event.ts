import Stripe from 'stripe';
import type { Stored } from '../objects.ts';

/** Posts an event to an endpoint, signed as Stripe signs. Answers how that went, in a line; redirects are not followed. */
export async function postEvent(
  endpoint: Stored<'webhook_endpoint'>,
  event: Stored<'event'>,
  signal: AbortSignal,
): Promise<{ ok: boolean; answer: string }> {
  const payload = JSON.stringify(event, null, 2);
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: endpoint._sandbox.secret });
  try {
    const response = await fetch(endpoint.url, {
      method: 'POST',
      body: payload,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': signature,
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      },
      redirect: 'manual',
      signal,
    });
    await response.body?.cancel();
    return { ok: response.ok, answer: `HTTP ${response.status}` };
  } catch (error) {
    const { message, cause } = error as Error;
    return { ok: false, answer: cause instanceof Error ? `${message}: ${cause.message}` : message };
  }
}
