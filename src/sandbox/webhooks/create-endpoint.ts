import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { endpointCreateParameters } from './endpoint-parameters.ts';

/** The answer carries the secret, this once. */
export const createEndpoint = operation(endpointCreateParameters, async (tx, input) => {
  const secret = newId('whsec_', 32);
  const endpoint = tx.add<Stored<'webhook_endpoint'>>({
    id: newId('we_1'),
    object: 'webhook_endpoint',
    api_version: input.api_version ?? null,
    application: null,
    created: tx.now,
    description: input.description ?? null,
    enabled_events: input.enabled_events,
    livemode: false,
    metadata: mergeMetadata({}, input.metadata),
    status: 'enabled',
    url: input.url,
    _sandbox: { secret },
  });
  return { ...endpoint, secret };
});
