import { ApiError } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { newPrice } from './new-price.ts';
import { newProduct } from './new-product.ts';
import { productCreateParameters } from './product-parameters.ts';

export const createProduct = operation(productCreateParameters, async (tx, input) => {
  if (input.id && (await tx.existed('product', input.id))) {
    const message = `Product already exists with ID: ${input.id}`;
    throw new ApiError(400, { type: 'invalid_request_error', code: 'resource_already_exists', message, param: 'id' });
  }
  const product = newProduct(tx, input);
  if (input.default_price_data) {
    const price = await newPrice(tx, input.default_price_data, product, 'default_price_data');
    tx.update(product, { default_price: price.id });
    tx.emit('price.created', price);
  }
  tx.emit('product.created', product);
  return product;
});
