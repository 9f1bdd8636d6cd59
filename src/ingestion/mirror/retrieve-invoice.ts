import type Stripe from 'stripe';

/** The invoice with all its lines: Stripe's answer holds the first ten. It counts as seen when the last page was. */
export async function retrieveInvoice(stripe: Stripe, id: string): Promise<Stripe.Response<Stripe.Invoice>> {
  const invoice = await stripe.invoices.retrieve(id);
  const { lines } = invoice;
  let { lastResponse } = invoice;
  while (lines.has_more) {
    const page = await stripe.invoices.listLineItems(id, { limit: 100, starting_after: lines.data.at(-1)?.id });
    lines.data.push(...page.data);
    lines.has_more = page.has_more && page.data.length > 0;
    lastResponse = page.lastResponse;
  }
  return { ...invoice, lastResponse };
}
