import type Stripe from 'stripe';
import { checkMetadata, checkText } from '../../check-input.ts';
import { badInput } from '../../errors.ts';
import { partsWith } from '../../ingestion/mirror/retrieve-price.ts';
import type { Tenant } from '../../tenant.ts';
import { checkCurrencyOptions } from '../pricing/check-amounts.ts';
import type { CatalogTools } from './catalog-tools.ts';
import type { PriceInput } from './create-price.ts';
import { findPrice } from './find-price.ts';
import { Price } from './price.entity.ts';
import { recordPrice } from './record-price.ts';

export type PriceChanges = Pick<
  PriceInput,
  'currencyOptions' | 'lookupKey' | 'transferLookupKey' | 'nickname' | 'metadata'
>;

/**
 * Changes what Stripe lets change of a price, and its row by what Stripe answers. Undefined stays, null takes away; currencies that
 * are not named stay.
 * @param input.active false archives it, true takes it up again.
 * @returns the id of the row.
 * @throws Refusal BAD_USER_INPUT; NOT_FOUND; CONFLICT for a lookup key that another price has; STRIPE_ERROR.
 */
export async function updatePrice(
  { stripe, operation, log }: CatalogTools,
  tenant: Tenant,
  { priceId, active, ...input }: PriceChanges & { priceId: string; active?: boolean },
): Promise<string> {
  const parameters = { ...(active === undefined ? {} : { active }), ...parametersOf(input) };
  const metadata = input.metadata === undefined ? undefined : checkMetadata(input.metadata ?? {}, 'metadata');
  return operation.askStripe({
    async prepare(em) {
      const price = await findPrice({ em }, tenant, priceId);
      const gone = Object.fromEntries(Object.keys(price.metadata).map((key) => [key, '']));
      const changes = {
        ...parameters,
        ...(metadata ? { metadata: { ...gone, ...metadata } } : {}),
        ...currenciesOf(price, input),
      };
      return { stripePriceId: price.stripePriceId, basis: price.evidence, changes };
    },
    send: ({ stripePriceId, changes }, options) =>
      stripe.prices.update(stripePriceId, changes as Stripe.PriceUpdateParams, options),
    async record(em, { basis, changes }, object) {
      const { lookup_key: lookupKey } = changes;
      const id = await recordPrice({ em, log, operation }, tenant, { object, basis, lookupKey });
      if (active) (await em.findOneOrFail(Price, { id })).replacedBy = null;
      return id;
    },
  });
}

function parametersOf({ lookupKey, transferLookupKey, nickname }: PriceChanges): Stripe.PriceUpdateParams {
  if (lookupKey === null)
    throw badInput('A lookup key can be moved to another price, but not taken away. Leave the field out.', 'lookupKey');
  return {
    ...(lookupKey === undefined ? {} : { lookup_key: checkText(lookupKey, 'lookupKey', { max: 200 }) }),
    ...(transferLookupKey ? { transfer_lookup_key: true } : {}),
    ...(nickname === undefined
      ? {}
      : { nickname: nickname === null ? '' : checkText(nickname, 'nickname', { max: 5_000 }) }),
  };
}

/** What the price is to cost in other currencies; and what Stripe is to show of those that it has then. */
function currenciesOf(price: Price, { currencyOptions: given }: PriceChanges) {
  const isTiered = price.tiersMode != null;
  const changed = given ? checkCurrencyOptions(given, { currency: price.currency, isTiered }) : {};
  const known = given === null ? [] : price.currencyOptions.map(({ currency }) => currency.toLowerCase());
  const currencies = new Set([...known, ...Object.keys(changed)]);
  return {
    ...(given === undefined ? {} : { currency_options: given === null ? '' : changed }),
    expand: partsWith([...currencies], { isTiered }),
  };
}
