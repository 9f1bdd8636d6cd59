import type Stripe from 'stripe';
import { apiVersion } from '../api-version.ts';
import { oldVersion } from '../shapes/old-version.ts';
import { metadata } from '../wire/metadata.ts';
import { oneOf, text, textLike, webUrl } from '../wire/parameter-kinds.ts';
import { list, type Of, required, unsettable } from '../wire/parameters.ts';

const eventType = textLike(
  (value) => value === '*' || /^[a-z0-9_]+(\.[a-z0-9_]+)+$/.test(value),
  (value) => `Invalid event type: ${value}. Use '*' for all, or a type such as customer.created.`,
);

export const endpointParameters = {
  description: unsettable(text()),
  enabled_events: list(eventType, { max: 500 }),
  metadata,
  url: webUrl,
} satisfies Of<Stripe.WebhookEndpointUpdateParams>;

export const endpointCreateParameters = {
  ...endpointParameters,
  api_version: oneOf(apiVersion, oldVersion),
  enabled_events: required(endpointParameters.enabled_events),
  url: required(webUrl),
} satisfies Of<Stripe.WebhookEndpointCreateParams>;
