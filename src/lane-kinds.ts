import type { MikroORM } from '@mikro-orm/postgresql';
import type { FastifyBaseLogger } from 'fastify';
import { rotateSigningKeys, signingKeysLane } from './access/rotate-signing-keys.ts';
import type { Sealer } from './access/sealing.ts';
import { backfillLanePrefix } from './backfill/backfill-lane-key.ts';
import { createBackfillLanes } from './backfill/backfill-lanes.ts';
import { completeCustomer, customerCompletionPrefix } from './customers/complete-customer.ts';
import type { LaneKinds } from './lanes/lane-kind.ts';
import { workEach } from './lanes/work-each.ts';
import { pruneUsage, usagePruningPrefix } from './limits/prune-usage.ts';
import { stripeLanePrefix } from './mirror/stripe-lane.ts';
import { createStripeLanes } from './mirror/stripe-lanes.ts';
import { createReconciliationLanes } from './reconciliation/reconciliation-lanes.ts';
import type { Pace } from './stripe/create-pace.ts';
import type { StripeConnections } from './stripe/stripe-connections.ts';
import { retirementLanePrefix, retireWebhookEndpoint } from './teams/retire-webhook-endpoint.ts';
import { pruneEvents, pruningLanePrefix } from './webhooks/prune-events.ts';

/** Every kind of durable work, by the beginning of its lanes' keys. What a caller's mutation began does not wait for the pace. */
export function laneKinds(tools: {
  orm: MikroORM;
  connections: StripeConnections;
  sealer: Sealer;
  pace: Pace;
  log: FastifyBaseLogger;
}): LaneKinds {
  const { orm, connections, sealer } = tools;
  const inBackground = { ...tools, connections: connections.background };
  return {
    [stripeLanePrefix]: createStripeLanes(inBackground),
    [backfillLanePrefix]: createBackfillLanes(inBackground),
    ...createReconciliationLanes(inBackground),
    [pruningLanePrefix]: workEach({ orm, atOnce: 1 }, async () => {
      await pruneEvents({ em: orm.em.fork() });
    }),
    [signingKeysLane]: workEach({ orm, atOnce: 1 }, async () => {
      await rotateSigningKeys({ em: orm.em.fork(), sealer }, { atOnce: false });
    }),
    [usagePruningPrefix]: workEach({ orm, atOnce: 1 }, () => pruneUsage({ em: orm.em.fork() })),
    [customerCompletionPrefix]: workEach({ orm, atOnce: 8 }, ({ key }) =>
      completeCustomer({ em: orm.em.fork(), connections }, key),
    ),
    [retirementLanePrefix]: workEach({ orm, atOnce: 1 }, ({ key }) =>
      retireWebhookEndpoint({ em: orm.em.fork(), connections }, key),
    ),
  };
}
