import { newId } from '../ids.ts';
import type { Caller } from '../store/account-transaction.ts';

/** An event as Stripe's v2 API sends it: what happened and to which object, without the object. */
export interface ThinEvent {
  id: string;
  object: 'v2.core.event';
  type: string;
  /** ISO 8601. */
  created: string;
  livemode: boolean;
  context: string | null;
  reason: { type: 'request'; request: { id: string; idempotency_key: string | null } } | null;
  related_object: { id: string; type: string; url: string } | null;
  /** Left out of what is sent. */
  data?: object;
}

export function newThinEvent(
  type: string,
  related: ThinEvent['related_object'],
  data: object | undefined,
  { caller: { requestId, idempotencyKey }, now }: { caller: Caller; now: number },
): ThinEvent {
  const request = requestId && { id: requestId, idempotency_key: idempotencyKey };
  return {
    id: newId('evt_test_65'),
    object: 'v2.core.event',
    type,
    created: new Date(now * 1_000).toISOString(),
    livemode: false,
    context: null,
    reason: request ? { type: 'request', request } : null,
    related_object: related,
    ...(data && { data }),
  };
}
