import type Stripe from 'stripe';
import { checkMetadata, checkText } from '../../check-input.ts';
import { badInput } from '../../errors.ts';
import { partsWith } from '../../ingestion/mirror/retrieve-price.ts';
import { routingMetadata, type Tenant } from '../../tenant.ts';
import { type AmountsInput, checkAmounts, checkCurrencyOptions, type OptionInput } from '../pricing/check-amounts.ts';
import type { CatalogTools } from './catalog-tools.ts';
import { checkRecurring, type RecurringInput } from './check-price.ts';
import { findProduct } from './find-product.ts';
import { recordPrice } from './record-price.ts';

export type PriceInput = AmountsInput & {
  productId: string;
  currency: string;
  billingScheme?: 'PER_UNIT' | 'TIERED';
  /** Needed where tiers decide. */
  tiersMode?: 'GRADUATED' | 'VOLUME' | null;
  /** What it costs in other currencies. */
  currencyOptions?: OptionInput[] | null;
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
 * @throws Refusal BAD_USER_INPUT; NOT_FOUND for a product or meter that there is not; CONFLICT for a lookup key that another price
 *   has; STRIPE_ERROR.
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
    fields: { unit_amount_decimal: 'unitAmount', 'recurring[meter]': 'recurring.stripeMeterId' },
    record: (em, { lookup_key: lookupKey }, object) =>
      recordPrice({ em, log, operation }, tenant, { object, basis: 0, lookupKey }),
  });
}

function parametersOf(input: PriceInput) {
  const { currency, billingScheme, tiersMode, recurring, lookupKey, transferLookupKey, nickname } = input;
  const isTiered = billingScheme === 'TIERED';
  if (isTiered !== (tiersMode != null))
    throw badInput('A TIERED price has a tiersMode, and no other has.', 'tiersMode');
  const amounts = checkAmounts(input, { currency, isTiered });
  const others = checkCurrencyOptions(input.currencyOptions ?? [], { currency, isTiered });
  return {
    currency: currency.toLowerCase(),
    ...amounts,
    ...(isTiered ? { billing_scheme: 'tiered', tiers_mode: tiersMode!.toLowerCase() } : {}),
    ...(Object.keys(others).length ? { currency_options: others } : {}),
    ...(recurring ? { recurring: checkRecurring(recurring) } : {}),
    ...(lookupKey == null ? {} : { lookup_key: checkText(lookupKey, 'lookupKey', { max: 200 }) }),
    ...(transferLookupKey ? { transfer_lookup_key: true } : {}),
    ...(nickname == null ? {} : { nickname: checkText(nickname, 'nickname', { max: 5_000 }) }),
    expand: partsWith(Object.keys(others), { isTiered }),
  };
}
