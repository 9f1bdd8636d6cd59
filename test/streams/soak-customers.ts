import { CreateCustomerDocument, CreateCustomerTokenDocument } from '../../src/client/operations.generated.ts';
import { ask } from '../rig/graph.ts';

export type SoakCustomer = { id: string; stripeCustomerId: string; token: string };

const atOnce = 8;

/** Customers with a token each. */
export async function makeCustomers(
  { url, apiKey }: { url: string; apiKey: string },
  count: number,
): Promise<SoakCustomer[]> {
  const made: SoakCustomer[] = [];
  let next = 0;
  const work = async () => {
    for (let n = next++; n < count; n = next++) {
      const created = await ask({ url }, apiKey, CreateCustomerDocument, { input: { email: `soak_${n}@example.com` } });
      if (created.errors) throw new Error(JSON.stringify(created.errors));
      const { id, stripeCustomerId } = created.data.createCustomer.customer;
      const scopes = ['entitlements:read', 'customers:read', 'subscriptions:read'];
      const input = { customerId: id, scopes, ttl: 86_400 };
      const { data } = await ask({ url }, apiKey, CreateCustomerTokenDocument, { input });
      made.push({ id, stripeCustomerId, token: data.createCustomerToken.token });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return made;
}
