import type { MikroORM } from '@mikro-orm/postgresql';
import type { FastifyBaseLogger } from 'fastify';
import { revenueLanePrefix } from './analytics/revenue/revenue-lane.ts';
import { createRevenueLanes } from './analytics/revenue/revenue-lanes.ts';
import { createSnapshotLanes } from './analytics/snapshots/snapshot-lanes.ts';
import { createStateLanes } from './customer-state/state-lanes.ts';
import { pruneSessions, sessionPruningPrefix } from './identity/operators/prune-sessions.ts';
import { rotateSigningKeys, signingKeysPrefix } from './identity/tokens/rotate-signing-keys.ts';
import { backfillLanePrefix } from './ingestion/backfill/backfill-lane-key.ts';
import { createBackfillLanes } from './ingestion/backfill/backfill-lanes.ts';
import { stripeLanePrefix } from './ingestion/mirror/stripe-lane.ts';
import { createStripeLanes } from './ingestion/mirror/stripe-lanes.ts';
import { createReconciliationLanes } from './ingestion/reconciliation/reconciliation-lanes.ts';
import { pruneEvents, pruningLanePrefix } from './ingestion/webhooks/prune-events.ts';
import type { LaneKinds } from './lanes/lane-kind.ts';
import { workEach } from './lanes/work-each.ts';
import { pruneUsage, usagePruningPrefix } from './limits/prune-usage.ts';
import type { Operations } from './operations/create-operations.ts';
import { operationLanePrefix } from './operations/operation-rows.ts';
import { pruneOperations, pruningOperationsLane } from './operations/prune-operations.ts';
import type { OutgoingFetch } from './outgoing/addresses/outgoing-fetch.ts';
import { createDeliveryLanes } from './outgoing/deliveries/delivery-lanes.ts';
import { outgoingPruningPrefix, pruneOutgoingMessages } from './outgoing/deliveries/prune-outgoing-messages.ts';
import { outgoingLanePrefix } from './outgoing/webhooks/enqueue-outgoing.ts';
import { portalPruningPrefix, prunePortalSessions } from './portal/sessions/prune-portal-sessions.ts';
import { createReferralLanes } from './referrals/life/referral-lanes.ts';
import { referralLanePrefix } from './referrals/life/wake-referrals.ts';
import { payoutLanePrefix } from './referrals/payouts/payout-lane.ts';
import { createPayoutLanes } from './referrals/payouts/payout-lanes.ts';
import type { Sealer } from './sealing/sealing.ts';
import type { Pace } from './stripe/create-pace.ts';
import type { StripeConnections } from './stripe/stripe-connections.ts';
import { retirementLanePrefix, retireWebhookEndpoint } from './tenancy/webhook-endpoints/retire-webhook-endpoint.ts';
import { forwardingLanePrefix } from './usage/forwarding/forwarding-lane.ts';
import { createForwardingLanes } from './usage/forwarding/forwarding-lanes.ts';
import { forwardingPruningPrefix, pruneForwarding } from './usage/forwarding/prune-forwarding.ts';
import { pruneThresholds, thresholdPruningPrefix } from './usage/thresholds/prune-thresholds.ts';

/** Every kind of durable work, by the beginning of its lanes' keys. What a caller's mutation began does not wait for the pace. */
export function laneKinds(tools: {
  orm: MikroORM;
  connections: StripeConnections;
  sealer: Sealer;
  pace: Pace;
  usagePace: Pace;
  operations: Operations;
  outgoingFetch: OutgoingFetch;
  deliveryPatience?: number;
  carryOut: Parameters<Operations['complete']>[1];
  log: FastifyBaseLogger;
}): LaneKinds {
  const { orm, connections, sealer, operations, carryOut } = tools;
  const inBackground = { ...tools, connections: connections.background };
  return {
    [stripeLanePrefix]: createStripeLanes(inBackground),
    [backfillLanePrefix]: createBackfillLanes(inBackground),
    ...createReconciliationLanes(inBackground),
    ...createStateLanes({ orm }),
    [referralLanePrefix]: createReferralLanes({ orm }),
    [revenueLanePrefix]: createRevenueLanes({ orm }),
    ...createSnapshotLanes({ orm }),
    [forwardingLanePrefix]: createForwardingLanes(inBackground),
    [payoutLanePrefix]: createPayoutLanes(inBackground),
    [pruningLanePrefix]: workEach({ orm, atOnce: 1 }, async ({ key }) => {
      const prune = key === pruningOperationsLane ? pruneOperations : pruneEvents;
      await prune({ em: orm.em.fork() });
    }),
    [signingKeysPrefix]: workEach({ orm, atOnce: 1 }, async () => {
      await rotateSigningKeys({ em: orm.em.fork(), sealer }, { atOnce: false });
    }),
    [usagePruningPrefix]: workEach({ orm, atOnce: 1 }, () => pruneUsage({ em: orm.em.fork() })),
    [sessionPruningPrefix]: workEach({ orm, atOnce: 1 }, () => pruneSessions({ em: orm.em.fork() })),
    [portalPruningPrefix]: workEach({ orm, atOnce: 1 }, () => prunePortalSessions({ em: orm.em.fork() })),
    [outgoingPruningPrefix]: workEach({ orm, atOnce: 1 }, async () => {
      await pruneOutgoingMessages({ em: orm.em.fork() });
    }),
    [forwardingPruningPrefix]: workEach({ orm, atOnce: 1 }, async () => {
      await pruneForwarding({ em: orm.em.fork() });
    }),
    [thresholdPruningPrefix]: workEach({ orm, atOnce: 1 }, () => pruneThresholds({ em: orm.em.fork() })),
    [outgoingLanePrefix]: createDeliveryLanes(tools),
    [operationLanePrefix]: workEach({ orm, atOnce: 8 }, ({ key }) => operations.complete(key, carryOut)),
    [retirementLanePrefix]: workEach({ orm, atOnce: 1 }, ({ key }) =>
      retireWebhookEndpoint({ em: orm.em.fork(), connections }, key),
    ),
  };
}
