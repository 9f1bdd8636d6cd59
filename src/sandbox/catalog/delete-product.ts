import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';

/** Only a product that never had a price can be deleted; others are archived. */
export const deleteProduct = operation({}, async (tx, _input, id) => {
  const product = await tx.get('product', id!);
  const prices = await tx.list('price', '/v1/prices', { limit: 1 }, { product: product.id });
  if (prices.data.length) {
    throw invalidRequest('This product cannot be deleted because it has one or more user-created prices.');
  }
  tx.emit('product.deleted', product);
  tx.remove(product);
  return { id: product.id, object: 'product', deleted: true };
});
