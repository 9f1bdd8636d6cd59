import { mergeMetadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { endpointUpdateParameters } from './endpoint-parameters.ts';

/** A disabled endpoint is sent nothing, not even later what happened meanwhile. */
export const updateEndpoint = operation(endpointUpdateParameters, async (tx, input, id) => {
  const endpoint = await tx.get('webhook_endpoint', id!, 'webhook_endpoint');
  const { description, disabled, enabled_events, url } = input;
  const status = disabled === undefined ? undefined : disabled ? 'disabled' : 'enabled';
  tx.update(endpoint, {
    description,
    enabled_events,
    status,
    url,
    metadata: mergeMetadata(endpoint.metadata, input.metadata),
  });
  return endpoint;
});
