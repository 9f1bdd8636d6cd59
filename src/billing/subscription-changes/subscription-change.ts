import type { WhichSubscription } from '../subscription-writes/subscription-tools.ts';

/** One item that changes (`itemId`), goes (`remove`), or is added. */
export type ItemChange = {
  itemId?: string | null;
  priceId?: string | null;
  quantity?: number | null;
  remove?: boolean | null;
};

export type SubscriptionChange = WhichSubscription & {
  /** Of a subscription with one item: its new price by id, or by the name of a plan, and how many. */
  priceId?: string | null;
  plan?: string | null;
  quantity?: number | null;
  /** Of any subscription, instead. */
  items?: ItemChange[] | null;
  at: ChangeTime;
  prorationBehavior?: ProrationBehavior | null;
  prorationDate?: Date | null;
};

export type ChangeTime = 'NOW' | 'PERIOD_END';
export type ProrationBehavior = 'CREATE_PRORATIONS' | 'ALWAYS_INVOICE' | 'NONE';
