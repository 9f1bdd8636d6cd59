import type Stripe from 'stripe';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { text } from '../wire/parameter-kinds.ts';
import { type Every, unsettable } from '../wire/parameters.ts';
import { productParameters } from './product-parameters.ts';

const parameters = {
  ...productParameters,
  default_price: unsettable(text()),
} satisfies Every<Stripe.ProductUpdateParams>;

export const updateProduct = operation(parameters, async (tx, { metadata, ...input }, id) => {
  const product = await tx.get('product', id!);
  if (input.default_price) {
    const price = await tx.refer('price', input.default_price, 'default_price');
    if (price.product !== product.id) {
      throw invalidRequest(`The price ${price.id} belongs to another product.`, 'default_price');
    }
  }
  const previous = tx.update(product, { ...input, metadata: mergeMetadata(product.metadata, metadata) });
  if (previous) {
    Object.assign(previous, tx.update(product, { updated: tx.now }));
    tx.emit('product.updated', product, previous);
  }
  return product;
});
