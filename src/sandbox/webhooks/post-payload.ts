import { createHmac } from 'node:crypto';

export interface SignedPayload {
  url: string;
  payload: string;
  /** Each signs: two of them while a secret is being rolled. */
  secrets: string[];
  /** Seconds since 1970. */
  timestamp: number;
}

/** Posts to an endpoint, signed as Stripe signs. Answers how that went, in a line; redirects are not followed. */
export async function postPayload(
  { url, payload, secrets, timestamp }: SignedPayload,
  signal: AbortSignal,
): Promise<{ ok: boolean; answer: string }> {
  const sign = (secret: string) => createHmac('sha256', secret).update(`${timestamp}.${payload}`).digest('hex');
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: payload,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': [`t=${timestamp}`, ...secrets.map((secret) => `v1=${sign(secret)}`)].join(','),
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
