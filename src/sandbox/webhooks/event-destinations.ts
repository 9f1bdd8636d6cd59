import type Stripe from 'stripe';
import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { integer, oneOf, text, texts, webUrl } from '../wire/parameter-kinds.ts';
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

/** Where thin events go. The answer carries the secret, this once, where `include` asks for it. */
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
  const { webhook_endpoint, ...answer } = shown(destination, input.include);
  const told = input.include?.includes('webhook_endpoint.signing_secret') ? { signing_secret: secret } : {};
  return { ...answer, webhook_endpoint: { ...webhook_endpoint, ...told } };
});

/** The address is told where `include` asks for it; the secret never again. */
function shown(destination: Stored<'v2.core.event_destination'>, include: readonly string[] = []) {
  return include.includes('webhook_endpoint.url') ? destination : { ...destination, webhook_endpoint: {} };
}

export const retrieveEventDestination = operation(
  { include: texts } satisfies Every<Stripe.V2.Core.EventDestinationRetrieveParams>,
  async (tx, { include }, id) => shown(await tx.get('v2.core.event_destination', id!), include),
);

const listParameters = {
  include: texts,
  limit: integer({ min: 1, max: 100 }),
} satisfies Every<Stripe.V2.Core.EventDestinationListParams>;

/** A page, newest first; `page` of the next one is the id of the last that was shown. */
export const listEventDestinations = operation(
  { ...listParameters, page: text() },
  async (tx, { include, limit = 20, page }) => {
    const path = '/v2/core/event_destinations';
    const { data, has_more } = await tx.list('v2.core.event_destination', path, {
      limit,
      ...(page ? { starting_after: page } : {}),
    });
    const next = has_more ? `${path}?limit=${limit}&page=${data.at(-1)!.id}${includeAgain(include)}` : null;
    return { data: data.map((one) => shown(one, include)), next_page_url: next, previous_page_url: null };
  },
);

const includeAgain = (include: readonly string[] = []) => include.map((one) => `&include[]=${one}`).join('');

const updateParameters = {
  description: text(),
  enabled_events: list(text(), { max: 500 }),
  include: texts,
  metadata,
  name: text(),
  webhook_endpoint: hash({ url: required(webUrl) }),
} satisfies Every<Stripe.V2.Core.EventDestinationUpdateParams>;

export const updateEventDestination = operation(updateParameters, async (tx, input, id) => {
  const destination = await tx.get('v2.core.event_destination', id!);
  const { description, enabled_events, name, webhook_endpoint, include } = input;
  tx.update(destination, {
    description,
    enabled_events,
    name,
    webhook_endpoint,
    metadata: mergeMetadata(destination.metadata ?? {}, input.metadata),
    updated: new Date(tx.now * 1_000).toISOString(),
  });
  return shown(destination, include);
});

/** One that is disabled is sent nothing, not even later what happened meanwhile. */
const become = (status: 'enabled' | 'disabled') =>
  operation({ include: texts }, async (tx, { include }, id) => {
    const destination = await tx.get('v2.core.event_destination', id!);
    tx.update(destination, { status });
    return shown(destination, include);
  });

export const enableEventDestination = become('enabled');
export const disableEventDestination = become('disabled');

export const deleteEventDestination = operation({}, async (tx, _input, id) => {
  const destination = await tx.get('v2.core.event_destination', id!);
  tx.remove(destination);
  return { id: destination.id, object: destination.object };
});
