import type Stripe from 'stripe';
import { recordAnswer } from '../../ingestion/mirror/record-answer.ts';
import type { Tenant } from '../../tenant.ts';
import type { CatalogTools } from './catalog-tools.ts';
import { checkProduct, type ProductInput } from './check-product.ts';
import { findProduct } from './find-product.ts';
import { syncProducts } from './sync-products.ts';

/**
 * Changes a product in Stripe, and its row by what Stripe answers: what is undefined stays, null takes it away.
 * @param input.active false archives it, true takes it up again.
 * @returns the id of the row.
 * @throws Refusal BAD_USER_INPUT; NOT_FOUND; STRIPE_ERROR.
 */
export async function updateProduct(
  { stripe, operation, log }: CatalogTools,
  tenant: Tenant,
  { productId, active, ...input }: ProductInput & { productId: string; active?: boolean },
): Promise<string> {
  const { metadata, ...others } = checkProduct(input);
  return operation.askStripe({
    async prepare(em) {
      const product = await findProduct({ em }, tenant, productId);
      const gone = Object.fromEntries(Object.keys(product.metadata).map((key) => [key, '']));
      const parameters: Stripe.ProductUpdateParams = {
        ...others,
        ...(active === undefined ? {} : { active }),
        ...(metadata === undefined ? {} : { metadata: { ...gone, ...metadata } }),
      };
      return { id: product.id, stripeProductId: product.stripeProductId, basis: product.evidence, parameters };
    },
    send: ({ stripeProductId, parameters }, options) => stripe.products.update(stripeProductId, parameters, options),
    async record(em, { id, basis }, object) {
      await recordAnswer({ em, log, operation, sync: syncProducts }, tenant, {
        type: 'product',
        id: object.id,
        object,
        basis,
      });
      return id;
    },
  });
}
