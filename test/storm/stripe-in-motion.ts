import Stripe from 'stripe';
import { aCustomer, anItem, aPrice, aProduct, aSubscription, itemsOf } from '../webhooks/stripe-objects.ts';
import { nextOfInvoice, type Step } from './money-in-motion.ts';
import { inOldShape, inUnknownShape } from './older-and-newer-shapes.ts';
import { nextOfMethod, nextOfPayment } from './payments-in-motion.ts';
import type { Random } from './random.ts';

export type StripeObject = { id: string; object: string; [field: string]: any };
export type Event = {
  id: string;
  type: string;
  created: number;
  data: { object: StripeObject };
  [field: string]: unknown;
};

/** A Stripe account whose objects change all the time, by the real clock, and that tells of each change by an event. */
export type StripeInMotion = {
  /** As Stripe would answer now; the deleted ones as they are remembered. */
  objects: Map<string, StripeObject>;
  /** Every state of an object, the oldest first. */
  histories: Map<string, StripeObject[]>;
  /** One object changes, often several times in the same second. */
  change(): Event[];
  /** Everything that has not appeared until now does. */
  appear(): Event[];
};

export type Population = {
  customers: number;
  products: number;
  prices: number;
  subscriptions: number;
  invoices: number;
  payments: number;
  methods: number;
};

const statuses = ['trialing', 'active', 'past_due', 'unpaid', 'paused'];
/** Objects that others do not refer to, and that come to their end during the storm. */
const mortals = 0.1;

export function setStripeInMotion(
  random: Random,
  projectId: string,
  size: Population,
  objects: Map<string, StripeObject>,
): StripeInMotion {
  const histories = new Map<string, StripeObject[]>();
  const hidden: string[] = [];
  const ended = new Set<string>();
  let count = 0;
  let events = 0;

  const metadata = () => ({ billgraph_project_id: projectId, version: String(count) });
  const customer = (n: number) => `cus_${n}`;
  const price = (n: number) => `price_${n}`;
  const product = (n: number) => `prod_${n}`;
  const idsOf = (id: (n: number) => string, many: number) => Array.from({ length: many }, (_, n) => id(n));
  const mortalCustomers = idsOf((n) => `cus_mortal_${n}`, Math.ceil(size.customers * mortals));
  const mortalProducts = idsOf((n) => `prod_mortal_${n}`, Math.ceil(size.products * mortals));
  for (const id of [...idsOf(customer, size.customers), ...mortalCustomers])
    objects.set(id, aCustomer(id, { livemode: true, metadata: metadata() }));
  for (const id of [...idsOf(product, size.products), ...mortalProducts])
    objects.set(id, aProduct(id, { livemode: true, metadata: metadata() }));
  for (const id of idsOf(price, size.prices))
    objects.set(
      id,
      aPrice(id, { livemode: true, product: product(random.below(size.products)), metadata: metadata() }),
    );
  const subscriptions = idsOf((n) => `sub_${n}`, size.subscriptions);
  const money = [
    ...idsOf((n) => `in_${n}`, size.invoices),
    ...idsOf((n) => `pi_${n}`, size.payments),
    ...idsOf((n) => `pm_${n}`, size.methods),
  ];
  // Those that change most stand first.
  const ids = random.shuffle([...objects.keys(), ...subscriptions, ...money]);
  hidden.push(...ids);

  const next: Record<string, (id: string, before: StripeObject | undefined) => StripeObject> = {
    cus: (_, before) => ({ ...before!, name: `Name ${count}`, email: `U${count}@Example.com`, metadata: metadata() }),
    prod: (_, before) => ({
      ...before!,
      name: `Product ${count}`,
      description: random.chance(0.5) ? `What ${count} is` : null,
      active: random.chance(0.7),
      metadata: metadata(),
    }),
    price: (_, before) => ({
      ...before!,
      nickname: `Price ${count}`,
      lookup_key: random.chance(0.5) ? `key_${count}` : null,
      active: random.chance(0.7),
      metadata: metadata(),
    }),
    sub: (id, before) => {
      if (before?.status === 'canceled') return { ...before, metadata: metadata() };
      const at = now();
      const period = { current_period_start: at, current_period_end: at + 86_400 * (1 + random.below(40)) };
      const prices = new Set(Array.from({ length: 1 + random.below(3) }, () => price(random.below(size.prices))));
      const items = [...prices].map((one) =>
        anItem(`si_${id}_${one}`, one, { ...period, quantity: 1 + random.below(99), price: objects.get(one) }),
      );
      const isOver = before && random.chance(0.03);
      return aSubscription(id, {
        livemode: true,
        customer: before?.customer ?? customer(random.below(size.customers)),
        status: isOver ? 'canceled' : random.pick(statuses),
        items: itemsOf(...items),
        cancel_at_period_end: random.chance(0.3),
        cancel_at: random.chance(0.2) ? at + 1_000_000 : null,
        canceled_at: isOver ? at : null,
        ended_at: isOver ? at : null,
        trial_start: random.chance(0.3) ? at - 1_000 : null,
        trial_end: random.chance(0.3) ? at + 1_000 : null,
        metadata: metadata(),
      });
    },
  };

  function changeOne(id: string): Event[] {
    count += 1;
    const known = histories.get(id) ?? [];
    const isMortal = id.includes('_mortal_');
    if (isMortal && known.length && random.chance(0.2)) return [end(id)];
    return stepsOf(id, objects.get(id), known.length > 0).flatMap(({ what, object, told }) => {
      objects.set(object.id, object);
      histories.set(object.id, [...(histories.get(object.id) ?? []), object]);
      return what === null ? [] : [eventOf(what, told ?? object)];
    });
  }

  function stepsOf(id: string, before: StripeObject | undefined, isKnown: boolean): Step[] {
    const common = { at: now(), metadata: metadata() };
    const ofCustomer = { ...common, customer: customer(random.below(size.customers)) };
    if (id.startsWith('pi_')) return nextOfPayment(random, id, before, { ...ofCustomer, objects });
    if (id.startsWith('pm_')) return nextOfMethod(random, id, before, ofCustomer);
    if (id.startsWith('in_')) {
      const subscription =
        objects.get(random.pick(subscriptions)) ?? aSubscription(subscriptions[0]!, { customer: customer(0) });
      if (!objects.has(subscription.id)) objects.set(subscription.id, subscription);
      const billed = { ...common, subscription, price: price(random.below(size.prices)) };
      return [nextOfInvoice(random, id, before, billed)];
    }
    return [{ what: isKnown ? 'updated' : 'created', object: next[id.split('_')[0]!]!(id, before) }];
  }

  function end(id: string): Event {
    const last = objects.get(id)!;
    ended.add(id);
    objects.set(id, { id, object: last.object, deleted: true });
    return eventOf('deleted', last);
  }

  function eventOf(what: string, object: StripeObject): Event {
    const dice = random.next();
    events += 1;
    const [api_version, shown] =
      dice < 0.12
        ? ['2023-08-16', inOldShape(object)]
        : dice < 0.18 && what !== 'payment_failed' && object.object !== 'refund'
          ? ['2031-04-01.zinnia', inUnknownShape(object)]
          : [Stripe.API_VERSION, object];
    return {
      id: `evt_storm_${events}`,
      object: 'event',
      type: `${prefixes[object.object] ?? object.object}.${what}`,
      created: now(),
      api_version,
      livemode: true,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      data: { object: structuredClone(shown) },
    };
  }

  return {
    objects,
    histories,
    change() {
      // Some are much busier than others.
      const id = ids[Math.floor(random.next() ** 2 * ids.length)]!;
      const events: Event[] = [];
      for (let more = random.chance(0.35) ? 1 + random.below(3) : 1; more > 0 && !ended.has(id); more--)
        events.push(...changeOne(id));
      return events;
    },
    appear: () => hidden.filter((id) => !histories.has(id)).flatMap(changeOne),
  };
}

/** How events of these objects begin. */
const prefixes: Record<string, string> = { subscription: 'customer.subscription', dispute: 'charge.dispute' };

const now = () => Math.floor(Date.now() / 1000);
