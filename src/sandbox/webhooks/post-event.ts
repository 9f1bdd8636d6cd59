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
    return { ok: response.ok, answer: `HTTP ${response.status} ${await beginning(response)}`.trim() };
  } catch (error) {
    const { message, cause } = error as Error;
    return { ok: false, answer: cause instanceof Error ? `${message}: ${cause.message}` : message };
  }
}

/** The first of what an endpoint says. Its body is read, so that the connection serves again, but not without end. */
async function beginning(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > 64_000) break;
  }
  return text.slice(0, 500).replaceAll('\0', '');
}
