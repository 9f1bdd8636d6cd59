import type pg from 'pg';
import type { Stored } from '../objects.ts';
import { type Json, type LookUp, lookUp } from './look-up.ts';
import { oldInvoice, oldInvoicePrevious } from './old-invoice.ts';
import { oldPayment, oldPrice, oldProduct, oldPromotionCode, oldSession, withoutNews } from './old-objects.ts';
import { oldSubscription, oldSubscriptionPrevious } from './old-subscription.ts';
import { oldVersion } from './old-version.ts';

type Render = (object: Json, look: LookUp) => Promise<Json> | Json;

const renders: Record<string, Render> = {
  charge: oldPayment,
  'checkout.session': oldSession,
  invoice: oldInvoice,
  payment_intent: oldPayment,
  price: oldPrice,
  product: oldProduct,
  promotion_code: oldPromotionCode,
  subscription: oldSubscription,
};

const previousRenders: Record<string, (previous: Json) => Json> = {
  invoice: oldInvoicePrevious,
  subscription: oldSubscriptionPrevious,
};

/** An event as an endpoint of the older API version is sent it. What the newest shape leaves out is looked up as it is now. */
export async function renderOld(pool: pg.Pool, account: string, event: Stored<'event'>): Promise<Json> {
  const { object, previous_attributes: previous } = event.data as { object: Json; previous_attributes?: Json };
  const look = lookUp(pool, account);
  const kind = String(object.object);
  const rendered = await (renders[kind] ?? withoutNews)(object, look);
  return {
    ...event,
    api_version: oldVersion,
    data: {
      object: rendered,
      ...(previous && { previous_attributes: (previousRenders[kind] ?? withoutNews)(previous) }),
    },
  };
}
