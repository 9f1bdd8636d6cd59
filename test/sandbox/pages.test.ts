import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestSandbox, stripeAt } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

async function openInvoice(description = 'Consulting', amount = 12_345) {
  const stripe = stripeAt(sandbox.url);
  const customer = await stripe.customers.create({ name: 'Ada <Lovelace>', email: 'ada@example.com' });
  const draft = await stripe.invoices.create({
    customer: customer.id,
    collection_method: 'send_invoice',
    days_until_due: 14,
  });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, currency: 'usd', amount, description });
  return { stripe, draft, invoice: await stripe.invoices.finalizeInvoice(draft.id!) };
}

const submit = (url: string, number: string, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ number, expiry: '12/34', cvc: '123' }),
    redirect: 'manual',
    headers,
  });

/** The texts of a PDF as our writer writes them, once its table of places is right. */
async function pdfTexts(invoice: Stripe.Invoice): Promise<string[]> {
  const response = await fetch(invoice.invoice_pdf!);
  expect(response.headers.get('content-type')).toBe('application/pdf');
  const file = Buffer.from(await response.arrayBuffer()).toString('latin1');
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(file)![1]);
  expect(file.slice(start, start + 4)).toBe('xref');
  const places = [...file.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, place]) => Number(place));
  for (const [index, place] of places.entries()) expect(file.slice(place)).toMatch(new RegExp(`^${index + 1} 0 obj\n`));
  for (const [, length, stream] of file.matchAll(/\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/g)) {
    expect(stream).toHaveLength(Number(length));
  }
  return [...file.matchAll(/\((.*)\) Tj/g)].map(([, text]) => text!);
}

describe('the page of an invoice', () => {
  it('shows what is due, escaped, and is not there for a draft', async () => {
    const { stripe, invoice } = await openInvoice('<b>Consulting</b>');
    const response = await fetch(invoice.hosted_invoice_url!);
    const page = await response.text();
    expect(response.status).toBe(200);
    for (const shown of [invoice.number!, '$123.45', 'Ada &lt;Lovelace&gt;', '&lt;b&gt;Consulting', 'Card number']) {
      expect(page).toContain(shown);
    }
    const { id, customer } = invoice;
    const draft = await stripe.invoices.create({ customer: customer as string });
    expect(draft.hosted_invoice_url).toBeFalsy();
    for (const address of [draft.id, 'in_none']) {
      expect((await fetch(`${sandbox.url}/i/${address}`)).status).toBe(404);
      expect((await fetch(`${sandbox.url}/i/${address}/pdf`)).status).toBe(404);
      expect((await submit(`${sandbox.url}/i/${address}`, '4242424242424242')).status).toBe(404);
    }
    expect(id).toBeTruthy();
  });

  it('takes the payment', async () => {
    const { stripe, invoice } = await openInvoice();
    const url = invoice.hosted_invoice_url!;
    expect((await submit(url, '4242424242424242', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await submit(url, '1234')).status).toBe(400);
    const declined = await submit(url, '4000000000000341');
    expect(declined.status).toBe(402);
    expect(await declined.text()).toContain('Your card was declined.');
    expect((await submit(url, '4242424242424242')).status).toBe(303);
    expect(await stripe.invoices.retrieve(invoice.id!)).toMatchObject({ status: 'paid', amount_paid: 12_345 });
    const page = await (await fetch(url)).text();
    expect(page).toContain('paid');
    expect(page).not.toContain('Card number');
  });

  it('sends a payer whose bank asks to the page of the bank', async () => {
    const { stripe, invoice } = await openInvoice();
    const asked = await submit(invoice.hosted_invoice_url!, '4000002760003184');
    expect(asked.status).toBe(303);
    const bank = new URL(asked.headers.get('location')!, sandbox.url).href;
    await fetch(bank, { method: 'POST', body: new URLSearchParams({ action: 'complete' }) });
    expect((await stripe.invoices.retrieve(invoice.id!)).status).toBe('paid');
  });
});

describe('the PDF of an invoice', () => {
  it('says what the page says', async () => {
    const { invoice } = await openInvoice('Conseil (été) \\ €5 – 日本');
    const texts = await pdfTexts(invoice);
    expect(texts).toContain(`Invoice ${invoice.number}`);
    expect(texts).toContain('Ada <Lovelace>');
    expect(texts).toContain('Conseil \\(\u00e9t\u00e9\\) \\\\ \u00805 \u0096 ??');
    expect(texts.filter((text) => text === '$123.45').length).toBeGreaterThan(1);
  });

  it('goes on for as many pages as it needs', async () => {
    const { stripe, draft } = await openInvoice();
    const { customer } = draft;
    const long = await stripe.invoices.create({ customer: customer as string, collection_method: 'send_invoice' });
    for (let line = 0; line < 25; line++) {
      await stripe.invoiceItems.create({
        customer: customer as string,
        invoice: long.id,
        currency: 'usd',
        amount: 100,
        description: `Line ${line}`,
      });
    }
    const texts = await pdfTexts(await stripe.invoices.finalizeInvoice(long.id!));
    for (let line = 0; line < 25; line++) expect(texts).toContain(`Line ${line}`);
  });
});
