import { checkText } from '../../check-input.ts';
import { badInput } from '../../errors.ts';
import type { WebhookEventFilter, WebhookEventStatus } from './webhook-event.type.ts';

const conditions: Record<WebhookEventStatus, string> = {
  PENDING: 'event.done_at is null',
  APPLIED: `event.outcome = 'applied'`,
  IGNORED: `event.outcome = 'ignored'`,
  UNROUTED: `event.outcome = 'unrouted'`,
  DEAD: `event.outcome = 'dead'`,
};

/**
 * The filter as a condition on `event`, an inbound event, with its values from `$<first>` on.
 * @throws Refusal BAD_USER_INPUT with the field that is wrong.
 */
export function webhookEventCondition(
  filter: WebhookEventFilter,
  { first, field }: { first: number; field: string },
): { condition: string; values: unknown[] } {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${first - 1 + values.push(value)}`;
  const { status, type, objectId, failing, recovered, receivedAfter, receivedBefore } = filter;
  const parts: string[] = [];
  if (status) parts.push(`(${status.map((one) => conditions[one]).join(' or ') || 'false'})`);
  if (type) {
    if (type.length > 100) throw badInput('Give at most 100 types.', `${field}.type`);
    const types = type.map((one, index) => checkText(one, `${field}.type.${index}`, { max: 255 }));
    parts.push(`event.type = any(${bind(types)}::text[])`);
  }
  if (objectId != null) {
    const id = checkText(objectId, `${field}.objectId`, { max: 255 });
    parts.push(`split_part(event.lane_key, '/', 4) = ${bind(id)}`);
  }
  const hasFailed = `(event.outcome is not distinct from 'dead' or event.done_at is null and exists (
    select from lane where lane.key = event.lane_key and lane.last_error is not null))`;
  if (failing != null) parts.push(failing ? hasFailed : `not ${hasFailed}`);
  if (recovered != null) parts.push(`event.recovered = ${bind(recovered)}`);
  if (receivedAfter) parts.push(`event.received_at >= ${bind(receivedAfter.toISOString())}::timestamptz`);
  if (receivedBefore) parts.push(`event.received_at < ${bind(receivedBefore.toISOString())}::timestamptz`);
  return { condition: parts.join(' and ') || 'true', values };
}
