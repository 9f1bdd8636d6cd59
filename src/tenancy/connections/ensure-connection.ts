import type { EntityManager } from '@mikro-orm/core';
import type { StripeKeys } from '../../config.ts';
import type { Environment } from '../../environment.ts';
import type { Sealer } from '../../sealing/sealing.ts';
import { createStripe } from '../../stripe/stripe-connections.ts';
import { ensureWebhookEndpoint } from '../webhook-endpoints/ensure-webhook-endpoint.ts';
import { connectStripe } from './connect-stripe.ts';
import { StripeConnection } from './stripe-connection.entity.ts';

type Tools = { em: EntityManager; sealer: Sealer; apiUrl: string };

/**
 * The team's connection in an environment: the one that is there, with these keys from now on, or a new one. Where no signing
 * secret is given, the webhook endpoint is made in Stripe and kept at this server's address.
 * @param wanted.publicUrl where Stripe reaches this server.
 * @throws where the database belongs to another Stripe account: rows of two accounts must not mix.
 */
export async function ensureConnection(
  { em, sealer, apiUrl }: Tools,
  teamId: string,
  { environment, keys, publicUrl }: { environment: Environment; keys: StripeKeys; publicUrl: string },
): Promise<StripeConnection> {
  const stripe = createStripe(keys.secretKey, apiUrl);
  const existing = await em.findOne(StripeConnection, { team: teamId, environment });
  if (existing) {
    await checkAccount(existing, stripe);
    await takeKeys({ em, sealer }, existing, keys);
  }
  const connection = existing ?? (await connectStripe({ em, sealer, apiUrl }, { teamId, environment, ...keys }));
  if (!keys.webhookSecret)
    await ensureWebhookEndpoint({ stripe, sealer, write: (work) => em.transactional(work) }, connection, publicUrl);
  return connection;
}

/** The keys of an account are rotated, and so is the key that seals them: what is configured now counts. */
async function takeKeys(
  { em, sealer }: Pick<Tools, 'em' | 'sealer'>,
  connection: StripeConnection,
  { secretKey, webhookSecret }: StripeKeys,
) {
  const { id } = connection;
  const known = connection.sealedWebhookSecrets.map((sealed) => sealer.open(sealed, id));
  const isNew = webhookSecret && !known.includes(webhookSecret);
  const before = connection.sealedSecretKey;
  const isSame = before && sealer.open(before, id) === secretKey;
  connection.sealedSecretKey = isSame ? sealer.reseal(before, id) : sealer.seal(secretKey, id);
  // Of an endpoint that somebody else has made, beside ours or instead.
  if (isNew) connection.stripeWebhookEndpointId = null;
  connection.sealedWebhookSecrets = isNew
    ? [sealer.seal(webhookSecret, id)]
    : connection.sealedWebhookSecrets.map((sealed) => sealer.reseal(sealed, id));
  const { sealedThinSecret } = connection;
  connection.sealedThinSecret = sealedThinSecret ? sealer.reseal(sealedThinSecret, id) : null;
  await em.flush();
}

async function checkAccount(
  { stripeAccountId, environment }: StripeConnection,
  stripe: ReturnType<typeof createStripe>,
) {
  const { id } = await stripe.accounts.retrieveCurrent();
  if (id === stripeAccountId) return;
  throw new Error(
    `This database holds the ${environment} data of the Stripe account ${stripeAccountId}, and the configured key is of ${id}. ` +
      'Use another database (or another DATA_DIR) for another account.',
  );
}
