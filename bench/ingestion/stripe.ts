import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { objects } from './events.ts';

export type Stripe = { url: string; asked: number; close(): void };

/** Answers for the objects whose events came in another order than they were made: a stalled machine shuffles them. */
export async function startStripe(): Promise<Stripe> {
  const server = createServer((request, response) => {
    stripe.asked += 1;
    const known = objects.get(request.url!.split('/').at(-1)!);
    const date = new Date((known?.since ?? 0) * 1_000).toUTCString();
    response.writeHead(known ? 200 : 404, { date, 'content-type': 'application/json', 'request-id': 'req_bench' });
    response.end(JSON.stringify(known?.object ?? { error: { type: 'invalid_request_error', message: 'Not here.' } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stripe: Stripe = {
    url: `http://127.0.0.1:${port}`,
    asked: 0,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return stripe;
}
