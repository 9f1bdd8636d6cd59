import { CreateCustomerDocument, CreateCustomerTokenDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, type TestTenant } from './billgraph.ts';
import { createPrice } from './checkout.ts';
import { ask } from './graph.ts';

export type Shopper = { id: string; stripeCustomerId: string; card: string; stripeSubscriptionId: string };

export type Shop = {
  tenant: TestTenant;
  price: string;
  ada: Shopper;
  bob: Shopper;
  tokenFor(customer: { id: string }, scopes: string[]): Promise<string>;
};

/** A tenant whose customers Ada and Bob each pay $29 a month by a card of their own. */
export async function openShop(billgraph: Billgraph): Promise<Shop> {
  const tenant = await createTenant(billgraph);
  const { stripe, apiKey } = tenant;
  const { id: price } = await createPrice(tenant);
  const subscribe = async (name: string): Promise<Shopper> => {
    const input = { email: `${name}@example.com`, externalId: `u_${name}` };
    const { data } = await ask(billgraph, apiKey, CreateCustomerDocument, { input });
    const { id, stripeCustomerId } = data.createCustomer.customer;
    const { id: card } = await stripe.paymentMethods.attach('pm_card_visa', { customer: stripeCustomerId });
    await stripe.customers.update(stripeCustomerId, { invoice_settings: { default_payment_method: card } });
    const subscription = await stripe.subscriptions.create({ customer: stripeCustomerId, items: [{ price }] });
    return { id, stripeCustomerId, card, stripeSubscriptionId: subscription.id };
  };
  const [ada, bob] = [await subscribe('ada'), await subscribe('bob')];
  await billgraph.settled();
  return {
    tenant,
    price,
    ada,
    bob,
    async tokenFor({ id: customerId }, scopes) {
      const input = { customerId, scopes };
      const { data } = await ask(billgraph, apiKey, CreateCustomerTokenDocument, { input });
      return data.createCustomerToken.token;
    },
  };
}
