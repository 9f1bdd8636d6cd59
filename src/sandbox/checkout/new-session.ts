import type Stripe from 'stripe';
import { priceAmount } from '../catalog/price-amount.ts';
import { newId } from '../ids.ts';
import type { Purchase } from '../invoices/invoice-line.ts';
import type { Stored, Wire } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import type { CheckoutOrder } from './checkout-order.ts';
import type { SessionInput } from './create-session.ts';

type Session = Stored<'checkout.session'>;

export async function newSession(
  tx: AccountTransaction,
  input: SessionInput,
  customer: Stored<'customer'> | undefined,
  lines: Purchase[],
  order: CheckoutOrder,
): Promise<Session> {
  const id = newId('cs_test_a1', 58);
  const { mode } = input;
  const items = await lineItems(tx, lines, order.subscription.trial !== null);
  const total = mode === 'setup' ? null : items.reduce((sum, item) => sum + item.amount_total, 0);
  const methodTypes = input.allowed_payment_method_types ?? input.payment_method_types ?? ['card'];
  return tx.add<Session>({
    id,
    object: 'checkout.session',
    adaptive_pricing: null,
    after_expiration: null,
    allow_promotion_codes: input.allow_promotion_codes ?? null,
    allowed_payment_method_types: methodTypes,
    amount_subtotal: total,
    amount_total: total,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: input.billing_address_collection ?? null,
    cancel_url: input.cancel_url ?? null,
    client_reference_id: input.client_reference_id ?? null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: tx.now,
    currency: lines[0]?.price.currency ?? input.currency ?? null,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: customer?.id ?? null,
    customer_account: null,
    customer_creation: customer ? null : mode === 'payment' ? (input.customer_creation ?? 'if_required') : 'always',
    customer_details: payerDetails(input.customer_email ?? customer?.email ?? null, customer),
    customer_email: input.customer_email ?? null,
    discounts: [],
    expires_at: input.expires_at ?? tx.now + 86_400,
    integration_identifier: null,
    invoice: null,
    invoice_creation: mode === 'payment' ? noInvoice : null,
    line_items: { object: 'list', data: items, has_more: false, url: `/v1/checkout/sessions/${id}/line_items` },
    livemode: false,
    locale: (input.locale as Session['locale']) ?? null,
    managed_payments: null,
    metadata: mergeMetadata({}, input.metadata),
    mode,
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: mode === 'payment' ? 'if_required' : (input.payment_method_collection ?? 'always'),
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: 'automatic' } },
    payment_method_types: methodTypes,
    payment_status: mode === 'setup' ? 'no_payment_required' : 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: input.phone_number_collection?.enabled ?? false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: input.submit_type ?? null,
    subscription: null,
    success_url: input.success_url,
    total_details: total === null ? null : { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${tx.publicUrl}/c/pay/${id}`,
    wallet_options: null,
    _sandbox: { order },
  });
}

/** Who pays, as far as it is known. */
export function payerDetails(email: string | null, customer?: Stored<'customer'>): Session['customer_details'] {
  if (!email) return null;
  const { name = null, phone = null } = customer ?? {};
  return {
    address: null,
    business_name: null,
    email,
    individual_name: null,
    name,
    phone,
    tax_exempt: 'none',
    tax_ids: [],
  };
}

/** In a trial, nothing is due for what recurs. */
async function lineItems(tx: AccountTransaction, lines: Purchase[], isTrial: boolean) {
  const items: Wire<Stripe.LineItem>[] = [];
  for (const { price, quantity } of lines) {
    const product = await tx.get('product', price.product);
    const amount = isTrial && price.recurring ? 0 : priceAmount(price, quantity ?? 0);
    items.push({
      id: newId('li_1'),
      object: 'item',
      adjustable_quantity: null,
      amount_discount: 0,
      amount_subtotal: amount,
      amount_tax: 0,
      amount_total: amount,
      currency: price.currency,
      description: product.name,
      metadata: {},
      price,
      quantity: quantity ?? null,
    });
  }
  return items;
}

const noInvoice: Session['invoice_creation'] = {
  enabled: false,
  invoice_data: {
    account_tax_ids: null,
    custom_fields: null,
    description: null,
    footer: null,
    issuer: null,
    metadata: {},
    rendering_options: null,
  },
};
