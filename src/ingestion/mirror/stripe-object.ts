import type { EntityName } from '@mikro-orm/core';
import type Stripe from 'stripe';
import type { Sync } from './seen.ts';

/** How one type of Stripe's objects is brought to our rows. */
export type StripeObject = {
  entity: EntityName;
  /** The entity's property that holds Stripe's id. */
  stripeId: string;
  /** Which field of Stripe's object says what its row is found by, where that is not `id`. */
  idField?: string;
  retrieve(stripe: Stripe, id: string): Promise<Stripe.Response<unknown>>;
  /** The event that tells its end, where that is not `<type>.deleted`. */
  deletedBy?: string;
  /** Whether an event's copy shows all that we keep. Where it does not, the object is always fetched. */
  // biome-ignore lint/suspicious/noExplicitAny: each type has its own objects
  snapshotSuffices: boolean | ((object: any) => boolean);
  /** The API versions whose shape is read here. Of other versions the object is fetched, in that of our SDK. */
  readsVersions?: readonly string[];
  /**
   * Whether Stripe's answer "no such object" means that it was deleted. Elsewhere it means that something is wrong, such as
   * a key of another account, and nothing may be concluded from it.
   */
  vanishes: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: each type's verb takes its own objects
  sync: Sync<any>;
};
