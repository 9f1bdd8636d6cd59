import type { Environment } from '../../environment.ts';
import type { Installation } from '../../installation.ts';
import type { Operation } from '../../operations/operation.ts';
import { checkAccount } from './connect-team.ts';
import { findConnection } from './find-connection.ts';
import { verifyStripeKey } from './verify-stripe-key.ts';

/**
 * Puts another secret key of the same account in the place of the one that is kept. Every process uses it within five seconds;
 * revoke the old one in Stripe's dashboard then.
 * @throws Refusal BAD_USER_INPUT for a key that will not do; CONFLICT where it is of another account, or none is connected.
 */
export async function rotateStripeKey(
  { operation, sealer, connections, stripeApiUrl }: Installation & { operation: Operation },
  { teamId, environment, secretKey }: { teamId: string; environment: Environment; secretKey: string },
): Promise<string> {
  const accountId = await verifyStripeKey({ apiUrl: stripeApiUrl }, { environment, secretKey });
  const { id } = await operation.write(async (em) => {
    const connection = await findConnection({ em }, { teamId, environment });
    checkAccount(connection, accountId);
    connection.sealedSecretKey = sealer.seal(secretKey, connection.id);
    return { id: connection.id };
  });
  connections.forget(id);
  return id;
}
