import { checkText } from '../../check-input.ts';
import { checkEndpointUrl, checkEventTypes } from './check-outgoing-endpoint.ts';
import type { EndpointTools } from './create-outgoing-endpoint.ts';
import { findOutgoingEndpoint, type Side } from './find-outgoing-endpoint.ts';
import type { OutgoingEndpoint } from './outgoing-endpoint.entity.ts';

/** What is left out stays as it is. */
export type EndpointChanges = {
  url?: string | null;
  eventTypes?: string[] | null;
  /** Null takes it away. */
  description?: string | null;
  enabled?: boolean | null;
};

/**
 * Changes an endpoint, from the next try on. One that is enabled, or has another address, begins anew: how it failed is forgotten.
 * @throws Refusal NOT_FOUND; BAD_USER_INPUT with the field; CONFLICT where the project is archived.
 */
export async function updateOutgoingEndpoint(
  { em, allowPrivateAddresses }: Omit<EndpointTools, 'sealer'>,
  side: Side,
  { endpointId, url, eventTypes, description, enabled }: EndpointChanges & { endpointId: string },
): Promise<OutgoingEndpoint> {
  const endpoint = await findOutgoingEndpoint(em, side, endpointId);
  if (url != null) endpoint.url = checkEndpointUrl(url, allowPrivateAddresses);
  if (eventTypes) endpoint.eventTypes = checkEventTypes(eventTypes);
  if (description !== undefined)
    endpoint.description = description === null ? null : checkText(description, 'description', { max: 200 });
  if (enabled === false && !endpoint.disabledAt)
    Object.assign(endpoint, { disabledAt: new Date(), disabledReason: 'BY_REQUEST' });
  if (enabled) Object.assign(endpoint, { disabledAt: null, disabledReason: null });
  if (enabled || url != null) Object.assign(endpoint, { failingSince: null, restsUntil: null });
  await em.flush();
  return endpoint;
}
