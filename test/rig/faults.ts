import type Stripe from 'stripe';

type Fault = { kind: string; next?: number; only?: string; milliseconds?: number; probability?: number; seed?: string };

/** Makes the tenant's Stripe go wrong: see docs/sandbox.md. */
export async function misbehave({ stripe }: { stripe: Stripe }, fault: Fault): Promise<void> {
  await stripe.rawRequest('POST', '/_sandbox/faults', fault);
}

/** All is well again. */
export async function behave({ stripe }: { stripe: Stripe }): Promise<void> {
  await stripe.rawRequest('DELETE', '/_sandbox/faults');
}

/** From now on nothing is told by webhooks: what is seen was brought by the call itself. */
export async function silence({ stripe }: { stripe: Stripe }): Promise<void> {
  for (const { id } of (await stripe.webhookEndpoints.list()).data) await stripe.webhookEndpoints.del(id);
}
