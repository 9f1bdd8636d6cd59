import { checkText } from '../../check-input.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { assignStripeCustomer } from './assign-stripe-customer.ts';

/**
 * Takes a customer of Stripe's into the caller's own project, as assignStripeCustomer does; here nothing that says that it belongs
 * elsewhere is overruled.
 * @returns our id of the customer.
 * @throws Refusal BAD_USER_INPUT; NOT_FOUND where Stripe has no such customer; CONFLICT.
 */
export async function linkStripeCustomer(
  tools: Parameters<typeof assignStripeCustomer>[0],
  connection: OpenConnection,
  {
    stripeCustomerId,
    externalId,
    projectId,
  }: { stripeCustomerId: string; externalId?: string | null; projectId: string },
): Promise<string> {
  const byProject = { externalId: externalId == null ? null : checkText(externalId, 'externalId', { max: 255 }) };
  const input = { stripeCustomerId, projectId, projectIds: [projectId], byProject };
  return (await assignStripeCustomer(tools, connection, input)).customerId;
}
