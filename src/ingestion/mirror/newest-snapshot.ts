import { stripeApiVersion } from '../../stripe/api-version.ts';
import type { StripeObject } from './stripe-object.ts';

/** An event of the inbox that is not done. The payload is there for the newest one of an object. */
export type UndoneEvent = {
  seq: string;
  type: string;
  stripeCreated: number;
  apiVersion: string | null;
  payload: string | null;
};

export type Snapshot = { object: unknown; created: number };

/** Seconds that Stripe's clock may be ahead of ours. An event from later on is of a test clock, which not all objects name. */
const clockSkew = 300;

/**
 * The copy of the object in its newest event, if that provably is the newest of what we were sent and shows all we keep:
 * no other event of the same second, a shape that is read here, no list that is cut off, no test clock (whose seconds are not Stripe's).
 * Whether it is newer than our row as well is for the writer to see. Null: the object must be fetched.
 */
export function newestSnapshot(
  name: string,
  { snapshotSuffices, readsVersions = [stripeApiVersion], deletedBy = `${name}.deleted` }: StripeObject,
  events: UndoneEvent[],
): Snapshot | null {
  const created = Math.max(...events.map(({ stripeCreated }) => stripeCreated));
  const [newest, tie] = events.filter(({ stripeCreated }) => stripeCreated === created);
  if (!newest?.payload || tie || !snapshotSuffices || !readsVersions.includes(newest.apiVersion ?? '')) return null;
  const { object } = JSON.parse(newest.payload).data;
  // A refund's event, say, speaks of its charge.
  if (object.object !== name) return null;
  if (created > Date.now() / 1000 + clockSkew || object.test_clock || hasCutOffList(object)) return null;
  // Such an event carries the object as it was last, without a word of its end.
  if (newest.type === deletedBy) return { object: null, created };
  return snapshotSuffices === true || snapshotSuffices(object) ? { object, created } : null;
}

/** Whether a list in the object goes on where its copy ends. */
export const hasCutOffList = (object: object) =>
  Object.values(object).some((value: { has_more?: boolean } | null) => value?.has_more === true);
