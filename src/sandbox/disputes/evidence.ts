import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import { text } from '../wire/parameter-kinds.ts';
import { type Every, hash, notModelled, type Parameter, unsettable } from '../wire/parameters.ts';

/** What a merchant can say or show against a dispute; files are not modelled, their ids are kept as they come. */
const fields = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_communication',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'customer_signature',
  'duplicate_charge_documentation',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'receipt',
  'refund_policy',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'service_documentation',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_documentation',
  'shipping_tracking_number',
  'uncategorized_file',
  'uncategorized_text',
] as const;

type Field = (typeof fields)[number];

function eachField<T>(value: T) {
  return Object.fromEntries(fields.map((field) => [field, value])) as Record<Field, T>;
}

export const noEvidence: Stored<'dispute'>['evidence'] = { ...eachField(null), enhanced_evidence: {} };

const evidenceText: Parameter<string | null> = unsettable(text({ max: 20_000 }));

export const evidence = hash({
  ...eachField(evidenceText),
  ...notModelled('appeal', 'enhanced_evidence'),
} satisfies Every<Stripe.DisputeUpdateParams.Evidence>);
