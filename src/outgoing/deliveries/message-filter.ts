import type { FilterQuery } from '@mikro-orm/core';
import { badInput } from '../../errors.ts';
import { isId } from '../../ids.ts';
import { of, type Side } from '../webhooks/find-outgoing-endpoint.ts';
import { outgoingEventTypes } from '../webhooks/outgoing-event-types.ts';
import type { OutgoingMessage } from '../webhooks/outgoing-message.entity.ts';
import type { OutgoingDelivery, OutgoingDeliveryStatus } from './outgoing-delivery.entity.ts';

export type MessageFilter = {
  type?: string[] | null;
  customerId?: string | null;
  createdAfter?: Date | null;
  createdBefore?: Date | null;
};

export type DeliveryFilter = Omit<MessageFilter, 'customerId'> & {
  status?: OutgoingDeliveryStatus[] | null;
  endpointId?: string | null;
  messageId?: string | null;
};

/** @throws Refusal BAD_USER_INPUT for what is no type of event. */
function checkTypes(types: readonly string[], field: string): void {
  for (const [index, type] of types.entries())
    if (!Object.hasOwn(outgoingEventTypes, type))
      throw badInput(
        `There is no such type. There are ${Object.keys(outgoingEventTypes).join(', ')}.`,
        `${field}.type.${index}`,
      );
}

/**
 * The filter as a condition on `m`, a message, with its values from `$<first>` on.
 * @throws Refusal BAD_USER_INPUT with the field that is wrong.
 */
export function messageCondition(
  { type, customerId, createdAfter, createdBefore }: MessageFilter,
  { first, field }: { first: number; field: string },
): { condition: string; values: unknown[] } {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${first - 1 + values.push(value)}`;
  const parts: string[] = [];
  if (type) {
    checkTypes(type, field);
    parts.push(`m.type = any(${bind(type)}::text[])`);
  }
  if (customerId != null) parts.push(isId('pc', customerId) ? `m.customer_id = ${bind(customerId)}` : 'false');
  if (createdAfter) parts.push(`m.created_at >= ${bind(createdAfter.toISOString())}::timestamptz`);
  if (createdBefore) parts.push(`m.created_at < ${bind(createdBefore.toISOString())}::timestamptz`);
  return { condition: parts.join(' and ') || 'true', values };
}

/**
 * The same for a list of a project's side.
 * @throws Refusal BAD_USER_INPUT with the field that is wrong.
 */
export function messagesWhere(side: Side, { type, customerId, ...dates }: MessageFilter): FilterQuery<OutgoingMessage> {
  if (type) checkTypes(type, 'filter');
  return {
    ...of(side),
    ...(type && { type: { $in: type } }),
    ...(customerId != null && { customer: isId('pc', customerId) ? customerId : '' }),
    ...createdWhere(dates),
  } as FilterQuery<OutgoingMessage>;
}

/** @throws Refusal BAD_USER_INPUT with the field that is wrong. */
export function deliveriesWhere(
  side: Side,
  { type, status, endpointId, messageId, ...dates }: DeliveryFilter,
): FilterQuery<OutgoingDelivery> {
  if (type) checkTypes(type, 'filter');
  return {
    ...of(side),
    ...(type && { type: { $in: type } }),
    ...(status && { status: { $in: status } }),
    ...(endpointId != null && { endpoint: isId('oep', endpointId) ? endpointId : '' }),
    ...(messageId != null && { message: isId('msg', messageId) ? messageId : '' }),
    ...createdWhere(dates),
  } as FilterQuery<OutgoingDelivery>;
}

/** Between two instants, either of which may be left out. */
function createdWhere({ createdAfter, createdBefore }: Pick<MessageFilter, 'createdAfter' | 'createdBefore'>) {
  const bounds = { ...(createdAfter && { $gte: createdAfter }), ...(createdBefore && { $lt: createdBefore }) };
  return createdAfter || createdBefore ? { createdAt: bounds } : {};
}
