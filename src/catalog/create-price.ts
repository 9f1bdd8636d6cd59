import type Stripe from 'stripe';
import { checkMetadata, checkText } from '../check-input.ts';
import { recordAnswer } from '../mirror/record-answer.ts';
import { routingMetadata, type Tenant } from '../tenant.ts';
import type { CatalogTools } from './catalog-tools.ts';
import { type AmountInput, checkAmount, checkRecurring, type RecurringInput } from './check-price.ts';
import { findProduct } from './find-product.ts';
import { Price } from './price.entity.ts';
import { syncPrices } from './sync-prices.ts';
import { takeLookupKey } from './take-lookup-key.ts';

export type PriceInput = AmountInput & {
  productId: string;
  recurring?: RecurringInput | null;
  lookupKey?: string | null;
  /** Whether the key may be another price's, which loses it. */
  transferLookupKey?: boolean;
  nickname?: string | null;
  metadata?: Record<string, unknown> | null;
};

/**
 * Makes a price in Stripe, and its row from what Stripe answers.
 * @returns the id of the row.
 * @throws Refusal BAD_USER_INPUT; NOT_FOUND for a product that the tenant does not have; STRIPE_ERROR.
 */
export async function createPrice(
  { stripe, operation, log }: CatalogTools,
  tenant: Tenant,
  input: PriceInput,
): Promise<string> {
  const parameters = parametersOf(input);
  const metadata = { ...checkMetadata(input.metadata ?? {}, 'metadata'), ...routingMetadata(tenant) };
  return operation.askStripe({
    async prepare(em) {
      const { stripeProductId } = await findProduct({ em }, tenant, input.productId);
      return { ...parameters, product: stripeProductId, metadata };
    },
    send: (parameters, options) => stripe.prices.create(parameters as unknown as Stripe.PriceCreateParams, options),
    async record(em, _parameters, object) {
      await recordAnswer({ em, log, operation, sync: syncPrices }, tenant, {
        type: 'price',
        id: object.id,
        object,
        basis: 0,
      });
      const { connectionId } = tenant;
      const { id } = await em.findOneOrFail(Price, { connectionId, stripePriceId: object.id });
      if (object.lookup_key) await takeLookupKey({ em }, tenant, { priceId: id, lookupKey: object.lookup_key });
      return id;
    },
  });
}

function parametersOf(input: PriceInput) {
  const { currency, recurring, lookupKey, transferLookupKey, nickname } = input;
  return {
    currency: currency.toLowerCase(),
    unit_amount_decimal: checkAmount(input),
    ...(recurring ? { recurring: checkRecurring(recurring) } : {}),
    ...(lookupKey == null ? {} : { lookup_key: checkText(lookupKey, 'lookupKey', { max: 200 }) }),
    ...(transferLookupKey ? { transfer_lookup_key: true } : {}),
    ...(nickname == null ? {} : { nickname: checkText(nickname, 'nickname', { max: 5_000 }) }),
  };
}
