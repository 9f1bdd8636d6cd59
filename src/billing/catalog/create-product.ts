import { recordAnswer } from '../../ingestion/mirror/record-answer.ts';
import { routingMetadata, type Tenant } from '../../tenant.ts';
import type { CatalogTools } from './catalog-tools.ts';
import { checkProduct, type ProductInput } from './check-product.ts';
import { Product } from './product.entity.ts';
import { syncProducts } from './sync-products.ts';

/**
 * Makes a product in Stripe, and its row from what Stripe answers.
 * @returns the id of the row.
 * @throws Refusal BAD_USER_INPUT; STRIPE_ERROR.
 */
export async function createProduct(
  { stripe, operation, log }: CatalogTools,
  tenant: Tenant,
  input: ProductInput & { name: string },
): Promise<string> {
  const { name, metadata, ...others } = checkProduct(input);
  return operation.askStripe({
    async prepare() {
      const given = Object.entries(others).filter(([, value]) => value !== '');
      return { name: name!, ...Object.fromEntries(given), metadata: { ...metadata, ...routingMetadata(tenant) } };
    },
    send: (parameters, options) => stripe.products.create(parameters, options),
    async record(em, _parameters, object) {
      await recordAnswer({ em, log, operation, sync: syncProducts }, tenant, {
        type: 'product',
        id: object.id,
        object,
        basis: 0,
      });
      const { connectionId } = tenant;
      return (await em.findOneOrFail(Product, { connectionId, stripeProductId: object.id })).id;
    },
  });
}
