import type Stripe from 'stripe';
import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { oneOf, text, texts, webUrl } from '../wire/parameter-kinds.ts';
import { type Every, hash, list, notModelled, required } from '../wire/parameters.ts';

const parameters = {
  description: text(),
  enabled_events: required(list(text(), { max: 500 })),
  event_payload: required(oneOf('thin')),
  include: texts,
  metadata,
  name: required(text()),
  ...notModelled('amazon_eventbridge', 'azure_event_grid', 'events_from', 'snapshot_api_version'),
  type: required(oneOf('webhook_endpoint')),
  webhook_endpoint: required(hash({ url: required(webUrl) })),
} satisfies Every<Stripe.V2.Core.EventDestinationCreateParams>;

/** Where thin events go. The answer carries the secret, this once. */
export const createEventDestination = operation(parameters, async (tx, input) => {
  const secret = newId('whsec_', 32);
  const now = new Date(tx.now * 1_000).toISOString();
  const destination = tx.add<Stored<'v2.core.event_destination'>>({
    id: newId('ed_test_61'),
    object: 'v2.core.event_destination',
    created: now,
    description: input.description ?? '',
    enabled_events: input.enabled_events,
    event_payload: input.event_payload,
    livemode: false,
    metadata: mergeMetadata({}, input.metadata),
    name: input.name,
    status: 'enabled',
    type: input.type,
    updated: now,
    webhook_endpoint: { url: input.webhook_endpoint.url },
    _sandbox: { secret },
  });
  return { ...destination, webhook_endpoint: { ...destination.webhook_endpoint, signing_secret: secret } };
});

export const deleteEventDestination = operation({}, async (tx, _input, id) => {
  const destination = await tx.get('v2.core.event_destination', id!);
  tx.remove(destination);
  return { id: destination.id, object: destination.object };
});
