import { mergeMetadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { claimLookupKey } from './lookup-key.ts';
import { priceUpdateParameters } from './price-parameters.ts';

export const updatePrice = operation(priceUpdateParameters, async (tx, input, id) => {
  const price = await tx.get('price', id!);
  const { active, nickname, tax_behavior, lookup_key, transfer_lookup_key } = input;
  const metadata = mergeMetadata(price.metadata, input.metadata);
  const previous = {
    ...tx.update(price, { active, nickname, tax_behavior, metadata }),
    ...(lookup_key && (await claimLookupKey(tx, price, lookup_key, transfer_lookup_key))),
  };
  if (Object.keys(previous).length) tx.emit('price.updated', price, previous);
  return price;
});
