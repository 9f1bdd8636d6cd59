import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { missingParameter } from '../wire/parameters.ts';
import { claimLookupKey } from './lookup-key.ts';
import { newPrice } from './new-price.ts';
import { newProduct } from './new-product.ts';
import { priceParameters } from './price-parameters.ts';

export const createPrice = operation(priceParameters, async (tx, input) => {
  const { product: id, product_data } = input;
  if (!id === !product_data) {
    if (id) throw invalidRequest('You may only specify one of these parameters: product, product_data.', 'product');
    throw missingParameter('product');
  }
  const product = product_data ? newProduct(tx, product_data) : await tx.refer('product', id!, 'product');
  if (product_data) tx.emit('product.created', product);
  const price = await newPrice(tx, input, product, '');
  if (input.lookup_key) await claimLookupKey(tx, price, input.lookup_key, input.transfer_lookup_key);
  tx.emit('price.created', price);
  return price;
});
