import type { OutgoingEndpoint } from './outgoing-endpoint.entity.ts';
import type { OutgoingEndpointType } from './outgoing-endpoint.type.ts';

/** An endpoint as it is seen from outside. */
export function viewOutgoingEndpoint(endpoint: OutgoingEndpoint): OutgoingEndpointType {
  const { id, url, eventTypes, createdAt } = endpoint;
  const { description = null, disabledAt = null, disabledReason = null, failingSince = null } = endpoint;
  const ends = endpoint.previousSecretEndsAt;
  return {
    id,
    url,
    description,
    eventTypes,
    enabled: !disabledAt,
    disabledAt,
    disabledReason,
    failingSince,
    previousSecretEndsAt: ends && ends > new Date() ? ends : null,
    createdAt,
  };
}
