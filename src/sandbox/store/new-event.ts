import type Stripe from 'stripe';
import { apiVersion } from '../api-version.ts';
import { newId } from '../ids.ts';
import type { AnyStored, ObjectName, Stored, Wire } from '../objects.ts';
import { asSeenInEvents } from '../wire/present.ts';
import type { Caller } from './account-transaction.ts';

type SubjectOf<T extends Stripe.Event.Type> = Extract<Stripe.Event, { type: T }>['data']['object'];
/** The object that events of type T are about: one that is kept, or one that only events show. */
export type Subject<T extends Stripe.Event.Type> =
  SubjectOf<T> extends { object: infer N extends ObjectName } ? Stored<N> : Wire<SubjectOf<T>>;

/** An event that keeps a copy of its object as it is now. */
export function newEvent(
  type: Stripe.Event.Type,
  object: object,
  previous: Stripe.Event.Data.PreviousAttributes | undefined,
  { caller, now }: { caller: Caller; now: number },
): Stored<'event'> {
  const data = {
    object: asSeenInEvents(object as AnyStored),
    ...(previous && { previous_attributes: previous }),
  };
  return {
    id: newId('evt_1'),
    object: 'event',
    api_version: apiVersion,
    created: now,
    data,
    livemode: false,
    pending_webhooks: 0,
    request: { id: caller.requestId, idempotency_key: caller.idempotencyKey },
    type,
  } as unknown as Stored<'event'>;
}
