import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands between a server and Stripe: it hands on, or answers something else. */
export type StripeProxy = {
  url: string;
  /** Answers requests whose method and path (`GET /v1/account`) are a key here, instead of Stripe. */
  instead: Map<string, { status: number; body: object } | 'no answer'>;
  /** The method and path of every request, in order. */
  asked: string[];
  /** Milliseconds by which Stripe's clock is ahead. */
  ahead: number;
  close(): void;
};

type Seen = (asked: { method: string; path: string }) => Promise<'lost' | undefined>;
/** Sees each request before Stripe does, and once Stripe has answered it: nothing more comes of one that is lost. */
export type OnTheWay = { there?: Seen; back?: Seen };

/** @param stripeUrl may be told later: the sandbox is started by the server's rig. */
export async function startStripeProxy(stripeUrl: () => string, { there, back }: OnTheWay = {}): Promise<StripeProxy> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname } = new URL(request.url!, 'http://localhost');
    const date = new Date(Date.now() + proxy.ahead).toUTCString();
    proxy.asked.push(`${request.method} ${pathname}`);
    const other = proxy.instead.get(`${request.method} ${pathname}`);
    const asked = { method: request.method!, path: pathname };
    if (other === 'no answer' || (await there?.(asked)) === 'lost') return;
    const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...headers } = request.headers;
    const answer = other
      ? { status: other.status, text: async () => JSON.stringify(other.body) }
      : await fetch(stripeUrl() + request.url, {
          method: request.method,
          headers: headers as Record<string, string>,
          body: request.method === 'GET' ? undefined : Buffer.concat(chunks),
        });
    const body = await answer.text();
    if ((await back?.(asked)) === 'lost') return;
    response.writeHead(answer.status, { date, 'content-type': 'application/json', 'request-id': 'req_1' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: StripeProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    instead: new Map(),
    asked: [],
    ahead: 0,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return proxy;
}
