import type { FastifyRequest } from 'fastify';
import { notFound } from '../errors.ts';
import { PortalSubscriptionDocument } from '../portal/sessions/documents.generated.ts';
import type { Visit } from './portal-visit.ts';

/** New for each form: however often it is sent, it is carried out once. */
export const once = () => crypto.randomUUID();

/** @throws Refusal NOT_FOUND where the customer has no such subscription. */
export async function subscriptionIn({ ask }: Visit, request: FastifyRequest) {
  const { subscription } = await ask(PortalSubscriptionDocument, { id: subscriptionOf(request) });
  if (!subscription) throw notFound('subscription');
  return subscription;
}

export const subscriptionOf = ({ params }: FastifyRequest) => (params as { subscription: string }).subscription;

export function queryOf({ query }: FastifyRequest, name: string): string {
  const value = (query as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : '';
}
