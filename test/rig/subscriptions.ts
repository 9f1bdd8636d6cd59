import type Stripe from 'stripe';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import type { Billgraph, TestTenant } from './billgraph.ts';
import { asOwner } from './database.ts';
import { ask } from './graph.ts';

let serial = 0;

export type Subscriber = {
  customerId: string;
  stripeCustomerId: string;
  /** Our id of the subscription. */
  id: string;
  stripeId: string;
};

/** A new customer with a card and a subscription that is in our rows. `of` is added to what Stripe is asked. */
export async function subscribe(
  billgraph: Billgraph,
  tenant: TestTenant,
  items: Stripe.SubscriptionCreateParams.Item[],
  { card = 'pm_card_visa', ...of }: Partial<Stripe.SubscriptionCreateParams> & { card?: string | null } = {},
): Promise<Subscriber> {
  const input = { email: `subscriber_${serial++}@example.com` };
  const { data } = await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input });
  const { id: customerId, stripeCustomerId } = data.createCustomer.customer;
  if (card) await giveCard(tenant, stripeCustomerId, card);
  const { id: stripeId } = await tenant.stripe.subscriptions.create({ customer: stripeCustomerId, items, ...of });
  await billgraph.settled();
  const rows = await asOwner(billgraph.databaseUrl, 'select id from subscription where stripe_subscription_id = $1', [
    stripeId,
  ]);
  return { customerId, stripeCustomerId, id: rows[0].id, stripeId };
}

/** From now on the customer pays by this card. */
export async function giveCard({ stripe }: TestTenant, customer: string, card: string): Promise<string> {
  const { id } = await stripe.paymentMethods.attach(card, { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
  return id;
}
