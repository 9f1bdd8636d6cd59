import { readFile } from 'node:fs/promises';
import { createBillingClient } from './client/create-billing-client.ts';
import {
  CreateCheckoutSessionDocument,
  CreateCustomerDocument,
  CreateCustomerTokenDocument,
  CustomerSubscriptionsDocument,
  PricesDocument,
} from './client/operations.generated.ts';
import { readConfig } from './config.ts';
import { apiKeyFile } from './development/api-key-file.ts';

/** How long the webhooks may take, in milliseconds. */
const patience = 5_000;

const config = readConfig(process.env);
const url = `${config.publicUrl}/graphql`;
await play().catch((failure) => {
  process.stderr.write(`\nThe demo stopped: ${failure.message}\n`);
  process.exitCode = 1;
});

async function play() {
  const apiKey = await readFile(apiKeyFile(config), 'utf8').catch(() => {
    throw new Error('there is no test API key yet. Start the server first: npm start');
  });
  const backend = createBillingClient({ url, token: apiKey.trim() });
  const externalId = `user_${Date.now().toString(36)}`;

  const { createCustomer } = await backend.request(CreateCustomerDocument, {
    input: { email: `${externalId}@example.com`, externalId },
  });
  const { customer } = createCustomer;
  tell('1. createCustomer, with the API key', customer);

  const { prices } = await backend.request(PricesDocument, {});
  const price = prices.nodes.find(({ lookupKey }) => lookupKey === 'pro_monthly') ?? prices.nodes[0];
  if (!price) throw new Error('there is no price yet. Make one in Stripe.');
  const { createCheckoutSession: session } = await backend.request(CreateCheckoutSessionDocument, {
    input: {
      customerId: customer.id,
      priceId: price.id,
      successUrl: 'https://example.com/done?session={CHECKOUT_SESSION_ID}',
      cancelUrl: 'https://example.com/pricing',
    },
  });
  tell(`2. createCheckoutSession for ${price.product.name}, ${price.unitAmount?.formatted}`, session);

  const returnedTo = await payAt(session.url);
  tell('3. The customer pays with 4242 4242 4242 4242 and is sent to', returnedTo);

  const paidAt = Date.now();
  const by = { externalId };
  for (;;) {
    const { customer } = await backend.request(CustomerSubscriptionsDocument, { by });
    const waited = Date.now() - paidAt;
    if (customer?.subscriptions.nodes.length) {
      tell(`4. Webhooks made it true: the same customer, ${waited} ms after the payment`, customer);
      break;
    }
    if (waited > patience) throw new Error(`no subscription within ${patience} ms: look at the server's log`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }

  const { createCustomerToken } = await backend.request(CreateCustomerTokenDocument, {
    input: { customerId: customer.id, ttl: 900, scopes: ['customers:read', 'subscriptions:read'] },
  });
  tell('5. createCustomerToken, for the frontend', {
    ...createCustomerToken,
    token: `${createCustomerToken.token.slice(0, 24)}…`,
  });

  const frontend = createBillingClient({ url, token: createCustomerToken.token });
  tell('6. The frontend asks for itself', await frontend.request(CustomerSubscriptionsDocument, { by }));
  const other = { email: 'first@example.com' };
  tell('   and for somebody else', await frontend.request(CustomerSubscriptionsDocument, { by: other }));
}

/** Fills in the sandbox's form, as a person would in a browser. */
async function payAt(url: string): Promise<string> {
  const card = { number: '4242 4242 4242 4242', expiry: '12 / 34', cvc: '123' };
  const form = new URLSearchParams({ email: 'ada@example.com', ...card, action: 'pay' });
  const answer = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
  const returnedTo = answer.headers.get('location');
  if (!returnedTo)
    throw new Error(`the checkout answered ${answer.status}. With a real Stripe account, pay at ${url} in a browser.`);
  return returnedTo;
}

function tell(step: string, answer: unknown) {
  process.stdout.write(`\n${step}\n${JSON.stringify(answer, null, 2).replace(/^/gm, '   ')}\n`);
}
