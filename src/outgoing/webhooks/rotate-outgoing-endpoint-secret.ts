import { badInput } from '../../errors.ts';
import type { EndpointTools } from './create-outgoing-endpoint.ts';
import { findOutgoingEndpoint, type Side } from './find-outgoing-endpoint.ts';
import type { OutgoingEndpoint } from './outgoing-endpoint.entity.ts';
import { newSecret } from './sign-message.ts';

const hour = 3_600_000;
const [overlapByDefault, longestOverlap] = [24, 168];

/**
 * Gives an endpoint a new secret. For the overlap the old one signs as well; one that signed because of an earlier rotation ends at once.
 * @param input.overlapHours a day by default, a week at most; 0 where the old secret was leaked.
 * @throws Refusal NOT_FOUND; BAD_USER_INPUT for an overlap out of range; CONFLICT where the project is archived.
 */
export async function rotateOutgoingEndpointSecret(
  { em, sealer }: Omit<EndpointTools, 'allowPrivateAddresses'>,
  side: Side,
  { endpointId, overlapHours }: { endpointId: string; overlapHours?: number | null },
): Promise<{ endpoint: OutgoingEndpoint; secret: string }> {
  const overlap = overlapHours ?? overlapByDefault;
  if (!(overlap >= 0 && overlap <= longestOverlap))
    throw badInput(`The overlap is 0 to ${longestOverlap} hours.`, 'overlapHours');
  const endpoint = await findOutgoingEndpoint(em, side, endpointId);
  const secret = newSecret();
  const previous = overlap
    ? { sealedPreviousSecret: endpoint.sealedSecret, previousSecretEndsAt: new Date(Date.now() + overlap * hour) }
    : { sealedPreviousSecret: null, previousSecretEndsAt: null };
  Object.assign(endpoint, previous, { sealedSecret: sealer.seal(secret, endpoint.id) });
  await em.flush();
  return { endpoint, secret };
}
