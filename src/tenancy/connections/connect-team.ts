import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/core';
import type { Environment } from '../../environment.ts';
import { conflict } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Installation } from '../../installation.ts';
import type { Operation } from '../../operations/operation.ts';
import { createStripe } from '../../stripe/stripe-connections.ts';
import { Team } from '../teams/team.entity.ts';
import { ensureWebhookEndpoint } from '../webhook-endpoints/ensure-webhook-endpoint.ts';
import { StripeConnection } from './stripe-connection.entity.ts';
import { verifyStripeKey } from './verify-stripe-key.ts';

type Keys = { teamId: string; environment: Environment; secretKey: string };
type Tools = Pick<Installation, 'sealer' | 'connections' | 'stripeApiUrl' | 'publicUrl'> & {
  em: EntityManager;
  operation: Operation;
};

/**
 * Connects a team's Stripe account in one environment: the key is tried, the webhook endpoint made or taken over. An account that
 * was disconnected goes on where it was.
 * @throws Refusal BAD_USER_INPUT for a key that will not do; CONFLICT where an account is connected, or the rows here are of
 * another one: rows of two accounts must not mix.
 */
export async function connectTeam(tools: Tools, keys: Keys): Promise<string> {
  const { em, operation, sealer, connections } = tools;
  const accountId = await verifyStripeKey({ apiUrl: tools.stripeApiUrl }, keys);
  const { id } = await operation
    .write((em) => insertOrReconnect({ em, sealer }, { ...keys, accountId }))
    .catch((failure) => {
      if (!(failure instanceof UniqueConstraintViolationException)) throw failure;
      throw conflict(`Stripe has been connected in ${keys.environment} meanwhile.`);
    });
  connections.forget(id);
  const connection = await em.findOneOrFail(StripeConnection, id, { refresh: true });
  const stripe = createStripe(keys.secretKey, tools.stripeApiUrl);
  await ensureWebhookEndpoint({ stripe, sealer, write: operation.write }, connection, tools.publicUrl);
  connections.forget(id);
  return id;
}

async function insertOrReconnect(
  { em, sealer }: Pick<Tools, 'em' | 'sealer'>,
  { teamId, environment, secretKey, accountId }: Keys & { accountId: string },
): Promise<{ id: string }> {
  const existing = await em.findOne(StripeConnection, { team: teamId, environment });
  if (existing?.sealedSecretKey)
    throw conflict(`Stripe is connected in ${environment}. Rotate its key, or disconnect it first.`);
  if (existing) checkAccount(existing, accountId);
  const id = existing?.id ?? newId('conn');
  const sealedSecretKey = sealer.seal(secretKey, id);
  if (existing) existing.sealedSecretKey = sealedSecretKey;
  else {
    const team = em.getReference(Team, teamId);
    const row = { id, team, environment, stripeAccountId: accountId, sealedSecretKey, sealedWebhookSecrets: [] };
    em.create(StripeConnection, row);
  }
  return { id };
}

/** @throws Refusal CONFLICT where the key is of another account than the rows. */
export function checkAccount({ stripeAccountId, environment }: StripeConnection, accountId: string): void {
  if (accountId === stripeAccountId) return;
  throw conflict(
    `The rows of ${environment} are of the Stripe account ${stripeAccountId}, and this key is of ${accountId}. Use a key of the same account, or another team.`,
    'secretKey',
  );
}
