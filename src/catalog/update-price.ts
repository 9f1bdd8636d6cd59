import type Stripe from 'stripe';
import { checkMetadata, checkText } from '../check-input.ts';
import { badInput, notFound } from '../errors.ts';
import { isId } from '../ids.ts';
import { recordAnswer } from '../mirror/record-answer.ts';
import type { Tenant } from '../tenant.ts';
import type { CatalogTools } from './catalog-tools.ts';
import type { PriceInput } from './create-price.ts';
import { Price } from './price.entity.ts';
import { syncPrices } from './sync-prices.ts';
import { takeLookupKey } from './take-lookup-key.ts';

/**
 * Changes what Stripe lets change of a price, and its row by what Stripe answers. Undefined stays, null takes away.
 * @param input.active false archives it, true takes it up again.
 * @returns the id of the row.
 * @throws Refusal BAD_USER_INPUT; NOT_FOUND; STRIPE_ERROR.
 */
export async function updatePrice(
  { stripe, operation, log }: CatalogTools,
  tenant: Tenant,
  input: Pick<PriceInput, 'lookupKey' | 'transferLookupKey' | 'nickname' | 'metadata'> & {
    priceId: string;
    active?: boolean;
  },
): Promise<string> {
  const { priceId, active, lookupKey, transferLookupKey, nickname } = input;
  if (lookupKey === null)
    throw badInput('A lookup key can be moved to another price, but not taken away. Leave the field out.', 'lookupKey');
  const parameters: Stripe.PriceUpdateParams = {
    ...(active === undefined ? {} : { active }),
    ...(lookupKey === undefined ? {} : { lookup_key: checkText(lookupKey, 'lookupKey', { max: 200 }) }),
    ...(transferLookupKey ? { transfer_lookup_key: true } : {}),
    ...(nickname === undefined
      ? {}
      : { nickname: nickname === null ? '' : checkText(nickname, 'nickname', { max: 5_000 }) }),
  };
  const metadata = input.metadata === undefined ? undefined : checkMetadata(input.metadata ?? {}, 'metadata');
  return operation.askStripe({
    async prepare(em) {
      const { projectId, environment } = tenant;
      const price = isId('pri', priceId) && (await em.findOne(Price, { id: priceId, projectId, environment }));
      if (!price) throw notFound('price', 'priceId');
      const gone = Object.fromEntries(Object.keys(price.metadata).map((key) => [key, '']));
      const changes = { ...parameters, ...(metadata ? { metadata: { ...gone, ...metadata } } : {}) };
      return { stripePriceId: price.stripePriceId, basis: price.evidence, changes };
    },
    send: ({ stripePriceId, changes }, options) => stripe.prices.update(stripePriceId, changes, options),
    async record(em, { basis }, object) {
      await recordAnswer({ em, log, operation, sync: syncPrices }, tenant, {
        type: 'price',
        id: object.id,
        object,
        basis,
      });
      if (object.lookup_key) await takeLookupKey({ em }, tenant, { priceId, lookupKey: object.lookup_key });
      return priceId;
    },
  });
}
