import type { Json, LookUp } from './look-up.ts';
import { without } from './without.ts';

/** What came to every kind of object since then. */
const news = ['allowed_payment_method_types', 'customer_account', 'excluded_payment_method_types', 'managed_payments'];

export function withoutNews(object: Json): Json {
  return without(object, ...news);
}

/** Charges and payment intents said which invoice they pay. */
export async function oldPayment(payment: Json, look: LookUp): Promise<Json> {
  const intent = payment.object === 'charge' ? payment.payment_intent : payment.id;
  const link = await look.invoiceOfPayment(intent);
  return { ...without(payment, ...news, 'payment_record'), invoice: link?.invoice ?? null };
}

export function oldPrice(price: Json): Json {
  const recurring = price.recurring && { ...without(price.recurring, 'meter', 'trial_period_days') };
  return { ...withoutNews(price), recurring: recurring && { aggregate_usage: null, ...recurring } };
}

export function oldProduct(product: Json): Json {
  return { ...without(product, ...news, 'marketing_features'), features: product.marketing_features ?? [] };
}

export async function oldPromotionCode(code: Json, look: LookUp): Promise<Json> {
  return { ...without(code, ...news, 'promotion'), coupon: await look.byId(code.promotion?.coupon) };
}

/** A discount held its coupon whole. `discount` is one, or the id of one. */
export async function oldDiscount(discount: Json | string | null | undefined, look: LookUp): Promise<Json | null> {
  const whole = typeof discount === 'string' ? await look.byId(discount) : discount;
  if (!whole) return null;
  const coupon = whole.source?.coupon;
  return { ...without(whole, 'source'), coupon: typeof coupon === 'string' ? await look.byId(coupon) : coupon };
}

export function oldSession(session: Json): Json {
  const older = without(
    session,
    ...news,
    'collected_information',
    'discounts',
    'permissions',
    'ui_mode',
    'wallet_options',
  );
  return { ...older, shipping_details: session.collected_information?.shipping_details ?? null };
}
