import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from './random.ts';
import type { StripeObject } from './stripe-in-motion.ts';

export type StripeServer = {
  url: string;
  /** How many objects were asked for, how many answers came seconds late, and how many were failures. */
  counts: { asked: number; late: number; failed: number };
  close(): Promise<void>;
};

const lateOnes = 0.1;
const failures = 0.005;

/**
 * Answers for the account's objects over HTTP, by the real clock. Of some objects the first answer comes seconds late, with what
 * was true when it was asked for; some questions fail. It lists no events: what a delivery loses shall stay lost, and be seen.
 */
export async function startStripeServer(random: Random, objects: Map<string, StripeObject>): Promise<StripeServer> {
  const counts = { asked: 0, late: 0, failed: 0 };
  const seen = new Set<string>();

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const [status, body] = answer(pathname);
    const text = JSON.stringify(body);
    const id = pathname.split('/').at(-1)!;
    if (objects.has(id) && !seen.has(id)) {
      seen.add(id);
      if (random.chance(lateOnes)) {
        counts.late += 1;
        await sleep(1_000 + random.below(3_000));
      }
    }
    // Stripe's clock at the end of its answer.
    const date = new Date().toUTCString();
    response.writeHead(status, { date, 'content-type': 'application/json', 'request-id': 'req_storm' }).end(text);
  });

  function answer(pathname: string): [status: number, body: object] {
    const id = pathname.split('/').at(-1)!;
    if (pathname === '/v1/account') return [200, { id: 'acct_storm', object: 'account' }];
    if (lists.has(pathname)) return [200, { object: 'list', data: [], has_more: false, url: pathname }];
    counts.asked += 1;
    if (random.chance(failures)) {
      counts.failed += 1;
      return [500, { error: { type: 'api_error', message: 'Something is wrong on our end.' } }];
    }
    const object = objects.get(id);
    // Stripe remembers deleted customers, and forgets deleted products.
    if (object && !(object.deleted && object.object === 'product')) return [200, object];
    return [404, { error: { type: 'invalid_request_error', code: 'resource_missing', message: `No such: ${id}` } }];
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const lists = new Set(['/v1/events', '/v1/webhook_endpoints']);
