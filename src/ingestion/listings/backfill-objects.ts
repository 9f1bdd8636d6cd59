import type Stripe from 'stripe';
import { listCustomers } from '../mirror/retrieve-customer.ts';
import { listPrices } from '../mirror/retrieve-price.ts';
import { listSubscriptions } from '../mirror/retrieve-subscription.ts';
import { idOf } from '../mirror/seen.ts';

/** What a backfill can bring, in the order in which it brings it: each after those that it refers to. */
export const backfillObjects = [
  'CUSTOMERS',
  'PRODUCTS',
  'PRICES',
  'SUBSCRIPTIONS',
  'INVOICES',
  'PAYMENT_METHODS',
  'PAYMENTS',
  'INVOICE_PAYMENTS',
  'CHARGES',
  'DISPUTES',
] as const;
export type BackfillObject = (typeof backfillObjects)[number];

/** What Stripe lists. A backfill brings no meters: each is taken in by itself, and only compared from then on. */
export type ListedObject = BackfillObject | 'METERS';

/** One list of Stripe's to walk: of a kind of objects (or of whom they belong to), and there of those under one test clock. */
export type Section<Of extends ListedObject = ListedObject> = { object: Of; testClock: string | null };

/** A place in a list: the object that was the last one of a page. */
export type ListCursor = { id: string; created: number };

/** An object as a list of Stripe's shows it. */
export type Listed = { id: string; created: number; metadata?: Stripe.Metadata | null; test_clock?: unknown };

type ListParams = { limit: number; starting_after?: string; created?: { gt?: number; lte?: number } };

type Page<Of> = Promise<Stripe.Response<Stripe.ApiList<Of>>>;

export type Listing = {
  /** Stripe's word for one of them. */
  type: string;
  /** Whether those under a test clock are left out of the list, unless the clock is named. */
  byTestClock: boolean;
  list(stripe: Stripe, params: ListParams & { test_clock?: string }): Page<Listed>;
  /** Where Stripe lists the objects of each owner alone: `list` lists the owners, and this what one of them has. */
  listOfOwner?(stripe: Stripe, owner: string, params: ListParams): Page<Listed>;
  /** What an object belongs to, and shares the project of. */
  // biome-ignore lint/suspicious/noExplicitAny: each kind has its own objects
  ownerOf?(object: any): { type: string; id: string } | undefined;
};

export const listings: Record<ListedObject, Listing> = {
  CUSTOMERS: {
    type: 'customer',
    byTestClock: true,
    list: listCustomers,
  },
  PRODUCTS: {
    type: 'product',
    byTestClock: false,
    list: (stripe, params) => stripe.products.list(params),
  },
  PRICES: {
    type: 'price',
    byTestClock: false,
    list: listPrices,
    ownerOf: (price: Stripe.Price) => ({ type: 'product', id: idOf(price.product) }),
  },
  SUBSCRIPTIONS: {
    type: 'subscription',
    byTestClock: true,
    list: (stripe, params) => listSubscriptions(stripe, { ...params, status: 'all' }),
    ownerOf: (subscription: Stripe.Subscription) => ({ type: 'customer', id: idOf(subscription.customer) }),
  },
  INVOICES: {
    type: 'invoice',
    byTestClock: false,
    list: (stripe, params) => stripe.invoices.list(params),
    ownerOf: ofCustomer,
  },
  PAYMENT_METHODS: {
    type: 'payment_method',
    byTestClock: true,
    list: (stripe, params) => stripe.customers.list(params),
    listOfOwner: (stripe, customer, params) => stripe.customers.listPaymentMethods(customer, params),
    ownerOf: ofCustomer,
  },
  PAYMENTS: {
    type: 'payment_intent',
    byTestClock: false,
    list: (stripe, params) => stripe.paymentIntents.list(params),
    ownerOf: ofCustomer,
  },
  // Those that events tell of: one that has not paid yet is no drift. They belong to whom their invoice belongs to.
  INVOICE_PAYMENTS: {
    type: 'invoice_payment',
    byTestClock: false,
    list: (stripe, params) => stripe.invoicePayments.list({ ...params, status: 'paid' }),
  },
  CHARGES: {
    type: 'charge',
    byTestClock: false,
    list: (stripe, params) => stripe.charges.list(params),
    ownerOf: ofCustomer,
  },
  DISPUTES: {
    type: 'dispute',
    byTestClock: false,
    list: (stripe, params) => stripe.disputes.list(params),
    ownerOf: ({ charge }: Stripe.Dispute) => ({ type: 'charge', id: idOf(charge) }),
  },
  // Stripe neither lists them by time nor deletes one.
  METERS: {
    type: 'billing.meter',
    byTestClock: false,
    list: (stripe, { created: _, ...params }) => stripe.billing.meters.list(params),
  },
};

function ofCustomer({ customer }: { customer?: string | { id: string } | null }) {
  return customer ? { type: 'customer', id: idOf(customer) } : undefined;
}
