import type { EntityManager } from '@mikro-orm/core';
import type { Environment } from '../../environment.ts';
import { conflict } from '../../errors.ts';
import { StripeConnection } from './stripe-connection.entity.ts';

/** @throws Refusal CONFLICT where the team has connected no Stripe account in the environment. */
export async function findConnection(
  { em }: { em: EntityManager },
  { teamId, environment }: { teamId: string; environment: Environment },
): Promise<StripeConnection> {
  const connection = await em.findOne(StripeConnection, { team: teamId, environment });
  if (!connection?.sealedSecretKey)
    throw conflict(`Stripe is not connected in ${environment}. Connect an account first.`);
  return connection;
}
