import { operation } from '../wire/operation.ts';

/** A deleted customer is still known by its id. */
export const retrieveCustomer = operation({}, async (tx, _input, id) => {
  const customer = await tx.find('customer', id!);
  if (!customer && (await tx.existed('customer', id!))) return { id, object: 'customer', deleted: true };
  return customer ?? tx.get('customer', id!);
});
