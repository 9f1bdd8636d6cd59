import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import type { CheckoutOrder } from './checkout-order.ts';
import type { SessionInput } from './create-session.ts';
import { newCustomFields } from './custom-fields.ts';
import { sessionAmounts } from './session-amounts.ts';
import { automaticTax, consentCollection, metadataOfLines, recovery, savedMethods } from './session-settings.ts';

type Session = Stored<'checkout.session'>;

export async function newSession(
  tx: AccountTransaction,
  input: SessionInput,
  customer: Stored<'customer'> | undefined,
  order: CheckoutOrder,
): Promise<Session> {
  const id = newId('cs_test_a1', 58);
  const { mode } = input;
  const { line_items, ...amounts } = await sessionAmounts(tx, id, order, metadataOfLines(input));
  const methodTypes = input.allowed_payment_method_types ?? input.payment_method_types ?? ['card'];
  return tx.add<Session>({
    id,
    object: 'checkout.session',
    adaptive_pricing: null,
    after_expiration: recovery(input),
    allow_promotion_codes: input.allow_promotion_codes ?? null,
    allowed_payment_method_types: methodTypes,
    ...(mode === 'setup' ? noAmounts : amounts),
    automatic_tax: automaticTax(order),
    billing_address_collection: input.billing_address_collection ?? null,
    cancel_url: input.cancel_url ?? null,
    client_reference_id: input.client_reference_id ?? null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: consentCollection(input),
    created: tx.now,
    currency: line_items.data[0]?.currency ?? input.currency ?? null,
    currency_conversion: null,
    custom_fields: newCustomFields(input.custom_fields),
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
      ...input.custom_text,
    },
    customer: customer?.id ?? null,
    customer_account: null,
    customer_creation: customer ? null : mode === 'payment' ? (input.customer_creation ?? 'if_required') : 'always',
    customer_details: payerDetails(input.customer_email ?? customer?.email ?? null, customer),
    customer_email: input.customer_email ?? null,
    expires_at: input.expires_at ?? tx.now + 86_400,
    integration_identifier: null,
    invoice: null,
    invoice_creation: mode === 'payment' ? noInvoice : null,
    line_items,
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
    payment_method_options: {
      card: { request_three_d_secure: 'automatic', ...input.payment_method_options?.card },
    },
    payment_method_types: methodTypes,
    payment_status: mode === 'setup' ? 'no_payment_required' : 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: input.phone_number_collection?.enabled ?? false },
    recovered_from: null,
    saved_payment_method_options: savedMethods(input),
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: input.submit_type ?? null,
    subscription: null,
    success_url: input.success_url,
    ui_mode: 'hosted_page',
    url: sessionUrl(tx, id),
    wallet_options: null,
    _sandbox: { order },
  });
}

/** The address of a session's page. */
export function sessionUrl({ publicUrl }: AccountTransaction, id: string): string {
  return `${publicUrl}/c/pay/${id}`;
}

/** Who pays, as far as it is known. */
export function payerDetails(
  email: string | null,
  who?: { name?: string | null; phone?: string | null; address?: Stored<'customer'>['address'] },
): Session['customer_details'] {
  if (!email) return null;
  const { name = null, phone = null, address = null } = who ?? {};
  return {
    address,
    business_name: null,
    email,
    individual_name: null,
    name,
    phone,
    tax_exempt: 'none',
    tax_ids: [],
  };
}

const noAmounts = { amount_subtotal: null, amount_total: null, discounts: null, total_details: null };

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
