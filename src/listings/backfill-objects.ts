import type Stripe from 'stripe';
import { listPrices } from '../mirror/retrieve-price.ts';
import { idOf } from '../mirror/seen.ts';

/** What a backfill can bring, in the order in which it brings it: each after those that it refers to. */
export const backfillObjects = ['CUSTOMERS', 'PRODUCTS', 'PRICES', 'SUBSCRIPTIONS', 'INVOICES'] as const;
export type BackfillObject = (typeof backfillObjects)[number];

/** One list of Stripe's to walk: of a kind of objects, and there of those under one test clock. */
export type Section = { object: BackfillObject; testClock: string | null };

/** A place in a list: the object that was the last one of a page. */
export type ListCursor = { id: string; created: number };

/** An object as a list of Stripe's shows it. */
export type Listed = { id: string; created: number; metadata?: Stripe.Metadata | null; test_clock?: unknown };

type ListParams = { limit: number; starting_after?: string; created?: { gt?: number; lte?: number } };

export type Listing = {
  /** Stripe's word for one of them. */
  type: string;
  /** Whether those under a test clock are left out of the list, unless the clock is named. */
  byTestClock: boolean;
  list(stripe: Stripe, params: ListParams & { test_clock?: string }): Promise<Stripe.Response<Stripe.ApiList<Listed>>>;
  /** What an object belongs to, and shares the project of. */
  // biome-ignore lint/suspicious/noExplicitAny: each kind has its own objects
  ownerOf?(object: any): { type: string; id: string } | undefined;
};

export const listings: Record<BackfillObject, Listing> = {
  CUSTOMERS: {
    type: 'customer',
    byTestClock: true,
    list: (stripe, params) => stripe.customers.list(params),
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
    list: (stripe, params) => stripe.subscriptions.list({ ...params, status: 'all' }),
    ownerOf: (subscription: Stripe.Subscription) => ({ type: 'customer', id: idOf(subscription.customer) }),
  },
  INVOICES: {
    type: 'invoice',
    byTestClock: false,
    list: (stripe, params) => stripe.invoices.list(params),
    ownerOf: ({ customer }: Stripe.Invoice) => (customer ? { type: 'customer', id: idOf(customer) } : undefined),
  },
};
