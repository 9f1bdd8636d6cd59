import type { WebhookReceiver } from '../ingestion/webhooks/receive-webhook.ts';
import type { HttpServer } from './create-http-server.ts';

/** Stripe's events have a payload of some kilobytes; a large invoice may have hundreds. */
const bodyLimit = 1024 * 1024;

/** Mounts the route that Stripe delivers to. It answers 200 after the event is stored, and does nothing else. */
export function mountWebhooks(http: HttpServer, receiver: WebhookReceiver): void {
  http.post<{ Params: { connectionId: string } }>(
    '/webhooks/stripe/:connectionId',
    { bodyLimit },
    async ({ params, body, headers }) => {
      const signature = headers['stripe-signature'];
      const rawBody = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      const { duplicate } = await receiver.receive({
        connectionId: params.connectionId,
        rawBody,
        signature: Array.isArray(signature) ? signature[0] : signature,
      });
      return { received: true, duplicate };
    },
  );
}
