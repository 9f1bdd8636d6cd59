import type Stripe from 'stripe';
import { apiVersion } from '../api-version.ts';
import { oldVersion } from '../shapes/old-version.ts';
import { metadata } from '../wire/metadata.ts';
import { boolean, oneOf, text, textLike, webUrl } from '../wire/parameter-kinds.ts';
import { type Every, list, notModelled, required, unsettable } from '../wire/parameters.ts';

const eventType = textLike(
  (value) => value === '*' || /^[a-z0-9_]+(\.[a-z0-9_]+)+$/.test(value),
  (value) => `Invalid event type: ${value}. Use '*' for all, or a type such as customer.created.`,
);

const description = unsettable(text());
const enabled_events = list(eventType, { max: 500 });

export const endpointUpdateParameters = {
  description,
  disabled: boolean,
  enabled_events,
  metadata,
  url: webUrl,
} satisfies Every<Stripe.WebhookEndpointUpdateParams>;

export const endpointCreateParameters = {
  api_version: oneOf(apiVersion, oldVersion),
  description,
  enabled_events: required(enabled_events),
  metadata,
  ...notModelled('connect'),
  url: required(webUrl),
} satisfies Every<Stripe.WebhookEndpointCreateParams>;
