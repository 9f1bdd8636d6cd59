import type { Stored } from '../objects.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import type { CheckoutOrder } from './checkout-order.ts';
import type { SessionInput } from './create-session.ts';

type Session = Stored<'checkout.session'>;

/** Until it is known where the payer is, tax waits for it. */
export function automaticTax({ tax }: Pick<CheckoutOrder, 'tax'>): Session['automatic_tax'] {
  if (!tax) return { enabled: false, liability: null, provider: null, status: null };
  const status = tax.country ? 'complete' : 'requires_location_inputs';
  return { enabled: true, liability: { type: 'self' }, provider: null, status };
}

export function consentCollection({ consent_collection: wanted }: SessionInput): Session['consent_collection'] {
  if (!wanted) return null;
  const { payment_method_reuse_agreement = null, promotions = null, terms_of_service = null } = wanted;
  return { payment_method_reuse_agreement, promotions, terms_of_service };
}

export function recovery({ after_expiration }: SessionInput): Session['after_expiration'] {
  const wanted = after_expiration?.recovery;
  if (!wanted) return after_expiration ? { recovery: null } : null;
  const { allow_promotion_codes = false, enabled } = wanted;
  return { recovery: { allow_promotion_codes, enabled, expires_at: null, url: null } };
}

export function savedMethods({ saved_payment_method_options: wanted }: SessionInput) {
  if (!wanted) return null;
  const { allow_redisplay_filters = null, payment_method_remove = null, payment_method_save = null } = wanted;
  return { allow_redisplay_filters, payment_method_remove, payment_method_save };
}

/** What is known of the lines before they are reckoned. */
export function metadataOfLines({ line_items = [] }: SessionInput) {
  return line_items.map(({ metadata }) => ({ metadata: mergeMetadata({}, metadata) }));
}
