import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, environmentColumn, instant } from '../../database/columns.ts';
import { rowsOfTeams } from '../teams/policies.ts';
import { Team } from '../teams/team.entity.ts';

/** A team's Stripe account in one environment. Secrets are sealed (see sealing/sealing.ts); the row's id is their associated data. */
const schema = defineEntity({
  name: 'StripeConnection',
  policies: rowsOfTeams(),
  uniques: [{ properties: ['team', 'environment'] }],
  properties: {
    id: p.text().primary(),
    team: () => p.manyToOne(Team),
    environment: environmentColumn(),
    stripeAccountId: p.text(),
    /** Null: disconnected. The rows stay, as they were last true, and so does the account that they are of. */
    sealedSecretKey: p.text().nullable(),
    /** Each active signing secret, the newest first: two while one is being rolled. */
    sealedWebhookSecrets: p.array(),
    stripeWebhookEndpointId: p.text().nullable(),
    /** The endpoint that was replaced, and goes on beside the new one until it retires. */
    retiringWebhookEndpointId: p.text().nullable(),
    /** When the older signing secret ends. */
    webhookSecretRetiresAt: instant().nullable(),
    /** Where Stripe sends thin events, which no webhook endpoint is sent; null: the key has no right to it, or nobody asked yet. */
    stripeEventDestinationId: p.text().nullable(),
    /** The signing secret of the destination of thin events. It is not rolled with the endpoint's. */
    sealedThinSecret: p.text().nullable(),
    createdAt: createdAt(),
  },
});

export class StripeConnection extends schema.class {}
schema.setClass(StripeConnection);
