import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { oneOf, page, text } from '../wire/parameter-kinds.ts';
import { required } from '../wire/parameters.ts';
import { newSource } from './new-source.ts';

export const createSource = operation({ metadata, source: required(text()) }, async (tx, input, id) => {
  const customer = await tx.get('customer', id!, 'customer');
  const card = newSource(tx, customer, input.source, mergeMetadata({}, input.metadata));
  tx.emit('customer.source.created', card);
  if (!customer.default_source) {
    tx.emit('customer.updated', customer, tx.update(customer, { default_source: card.id }));
  }
  return card;
});

export const listSources = operation({ ...page, object: oneOf('card') }, async (tx, input, id) => {
  const customer = await tx.get('customer', id!, 'customer');
  return tx.list('card', `/v1/customers/${customer.id}/sources`, input, { customer: customer.id });
});

export const retrieveSource = operation({}, async (tx, _input, customer, id) => {
  await tx.get('customer', customer!, 'customer');
  return tx.get('card', id!);
});

export const updateSource = operation({ metadata }, async (tx, input, customer, id) => {
  await tx.get('customer', customer!, 'customer');
  const card = await tx.get('card', id!);
  const previous = tx.update(card, { metadata: mergeMetadata(card.metadata, input.metadata) });
  if (previous) tx.emit('customer.source.updated', card, previous);
  return card;
});

export const deleteSource = operation({}, async (tx, _input, customerId, id) => {
  const customer = await tx.get('customer', customerId!, 'customer');
  const card = await tx.get('card', id!);
  const method = await tx.find('payment_method', card.id);
  if (customer.default_source === card.id) {
    const [next] = (await tx.all('card', { customer: customer.id })).filter((other) => other.id !== card.id);
    tx.update(customer, { default_source: next?.id ?? null });
  }
  tx.emit('customer.source.deleted', card);
  tx.remove(card);
  if (method) tx.remove(method);
  return { id: card.id, object: 'card', deleted: true };
});
