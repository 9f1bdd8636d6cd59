import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type StripeObject = { id: string; object: string; [field: string]: unknown };

type Listed = { id: string };
type List = { data: Listed[]; has_more: boolean };

const listed = new Set(['items', 'lines']);
const cutOff = (list: List): List => ({ ...list, data: list.data.slice(0, 10), has_more: list.data.length > 10 });

export type StripeStandIn = {
  url: string;
  /** What Stripe would answer now, by id. */
  objects: Map<string, StripeObject>;
  /** What Stripe would list of a customer's active entitlements, by the customer's id. */
  entitlements: Map<string, Listed[]>;
  /** The second that Stripe's clock shows. */
  now: number;
  /** For questions about these ids it shows another one: several lives go on at once, each in its own time. */
  clocks: Map<string, number>;
  /** Every id that was asked for, in order. */
  asked: string[];
  /** Answers a request for this id, instead of the object. */
  instead: Map<string, { status: number; error: object }>;
  /** From now on Stripe answers what an event of the object tells: the object, or that it is deleted. */
  follow(event: { type: string; data: { object: StripeObject } }): void;
  /** The next answer for the id carries what is true now, and leaves when the returned function is called. */
  hold(id: string): () => void;
  close(): Promise<void>;
};

/** Answers GET requests for single objects, and pages of what they list, over HTTP, with a clock that the test moves. */
export async function startStripeStandIn(): Promise<StripeStandIn> {
  const held = new Map<string, Promise<void>>();
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
    const id = pathname.split('/').at(-1)!;
    standIn.asked.push(id);
    const [status, body] = listOf(pathname, searchParams) ?? answerFor(id);
    const text = JSON.stringify(body);
    const hold = held.get(id);
    held.delete(id);
    await hold;
    const about = [...pathname.split('/'), searchParams.get('subscription') ?? ''];
    const own = about.map((one) => standIn.clocks.get(one)).find((second) => second !== undefined);
    const date = new Date((own ?? standIn.now) * 1000).toUTCString();
    response.writeHead(status, { date, 'content-type': 'application/json', 'request-id': 'req_1' });
    response.end(text);
  });

  function answerFor(id: string): [number, object] {
    const { status, error } = standIn.instead.get(id) ?? {};
    if (status) return [status, { error }];
    const object = standIn.objects.get(id);
    if (!object)
      return [404, { error: { type: 'invalid_request_error', code: 'resource_missing', message: `No ${id}` } }];
    const cut = Object.entries(object).map(([field, value]) => [
      field,
      listed.has(field) ? cutOff(value as List) : value,
    ]);
    return [200, Object.fromEntries(cut)];
  }

  function listOf(path: string, query: URLSearchParams): [number, object] | null {
    if (path === '/v1/subscription_items') {
      const { items } = standIn.objects.get(query.get('subscription')!) as unknown as { items: { data: Listed[] } };
      return [200, pageOf(path, items.data, query)];
    }
    const invoice = /^\/v1\/invoices\/(.+)\/lines$/.exec(path)?.[1];
    if (invoice) return [200, pageOf(path, (standIn.objects.get(invoice)!.lines as List).data, query)];
    if (path !== '/v1/entitlements/active_entitlements') return null;
    const customer = query.get('customer')!;
    const entitlements = standIn.entitlements.get(customer);
    return entitlements ? [200, pageOf(path, entitlements, query)] : answerFor(`entitlements of ${customer}`);
  }

  function pageOf(url: string, all: Listed[], query: URLSearchParams) {
    const from = all.findIndex(({ id }) => id === query.get('starting_after')) + 1;
    return { object: 'list', data: all.slice(from, from + 7), has_more: from + 7 < all.length, url };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const standIn: StripeStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects: new Map(),
    entitlements: new Map(),
    now: 1_790_000_000,
    clocks: new Map(),
    asked: [],
    instead: new Map(),
    follow({ type, data: { object } }) {
      if (type.endsWith('.deleted')) standIn.objects.delete(object.id);
      else standIn.objects.set(object.id, object);
    },
    hold(id) {
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(id, promise);
      return resolve;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return standIn;
}
