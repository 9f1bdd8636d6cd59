import { operation } from '../wire/operation.ts';

export const deleteEndpoint = operation({}, async (tx, _input, id) => {
  const endpoint = await tx.get('webhook_endpoint', id!, 'webhook_endpoint');
  tx.remove(endpoint);
  return { id: endpoint.id, object: 'webhook_endpoint', deleted: true };
});
