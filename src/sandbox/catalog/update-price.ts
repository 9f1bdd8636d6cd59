import type { Stored } from '../objects.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { claimLookupKey } from './lookup-key.ts';
import { optionsOf } from './price-amounts.ts';
import { priceUpdateParameters } from './price-parameters.ts';

export const updatePrice = operation(priceUpdateParameters, async (tx, input, id) => {
  const price = await tx.get('price', id!);
  const { active, nickname, tax_behavior, lookup_key, transfer_lookup_key } = input;
  if (active === false && (await tx.find('product', price.product))?.default_price === price.id) {
    throw invalidRequest('This price cannot be archived because it is the default price of its product.');
  }
  const currency_options = optionsAfter(price, input.currency_options);
  const metadata = mergeMetadata(price.metadata, input.metadata);
  const previous = {
    ...tx.update(price, { active, currency_options, nickname, tax_behavior, metadata }),
    ...(lookup_key && (await claimLookupKey(tx, price, lookup_key, transfer_lookup_key))),
  };
  if (Object.keys(previous).length) tx.emit('price.updated', price, previous);
  return price;
});

/** Those that are named are added or changed, the others stay; `null` leaves the price's own currency alone. */
function optionsAfter(price: Stored<'price'>, given: Parameters<typeof optionsOf>[1] | null | undefined) {
  if (given === undefined) return undefined;
  const { [price.currency]: own, ...others } = price.currency_options ?? {};
  return { ...(own && { [price.currency]: own }), ...(given && { ...others, ...optionsOf(price, given) }) };
}
