import { messageBody } from '../webhooks/message-body.ts';
import type { OutgoingMessage } from '../webhooks/outgoing-message.entity.ts';
import type { OutgoingDelivery } from './outgoing-delivery.entity.ts';
import type { OutgoingDeliveryType, OutgoingMessageType } from './outgoing-delivery.type.ts';

/** A message as it is seen from outside. */
export function viewOutgoingMessage(message: OutgoingMessage): OutgoingMessageType {
  const { id, type, customer, occurredAt, createdAt } = message;
  return { id, type, customerId: customer?.id ?? null, body: messageBody(message), occurredAt, createdAt };
}

/** A delivery as it is seen from outside. */
export function viewOutgoingDelivery(delivery: OutgoingDelivery): OutgoingDeliveryType {
  const { id, message, endpoint, type, status, attempts, createdAt } = delivery;
  const { nextAttemptAt = null, lastAttemptAt = null, lastStatus = null, lastBody = null } = delivery;
  const { lastError = null, deliveredAt = null } = delivery;
  const what = { id, messageId: message.id, endpointId: endpoint.id, type, status, attempts, createdAt };
  return { ...what, nextAttemptAt, lastAttemptAt, lastStatus, lastBody, lastError, deliveredAt };
}
