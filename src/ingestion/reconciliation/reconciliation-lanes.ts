import type { EntityManager } from '@mikro-orm/core';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { BaseLogger } from 'pino';
import type { LaneKinds } from '../../lanes/lane-kind.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import { workEach } from '../../lanes/work-each.ts';
import type { StripeConnections } from '../../stripe/stripe-connections.ts';
import { StripeConnection } from '../../tenancy/connections/stripe-connection.entity.ts';
import { driftLanePrefix } from '../drift/drift-lanes.ts';
import { examineObject } from '../drift/examine-object.ts';
import { createMirror } from '../mirror/create-mirror.ts';
import { type ReconciliationPlan, reconcileConnection, reconciliationPlans } from './reconcile-connection.ts';

const prefix = 'reconcile';

export const reconciliationLaneOf = (connectionId: string, plan: ReconciliationPlan) =>
  `${prefix}/${connectionId}/${plan}`;

/** Lets every connection be reconciled. Processes whose clocks ring together wake the same lanes: it is done once. */
export async function wakeReconciliations(em: EntityManager, plan: ReconciliationPlan): Promise<void> {
  const connections = await em.find(StripeConnection, { sealedSecretKey: { $ne: null } }, { fields: ['id'] });
  const soon = new Date(Date.now() + 1_000);
  await wakeLanes(
    em,
    connections.map(({ id }) => reconciliationLaneOf(id, plan)),
    soon,
  );
}

/** The lanes that compare with Stripe: `reconcile/<connection>/<plan>`, and `drift/<connection>/<type>/<id>` for one object. */
export function createReconciliationLanes({
  orm,
  connections,
  log,
}: {
  orm: MikroORM;
  connections: Pick<StripeConnections, 'byId'>;
  log: Pick<BaseLogger, 'warn'>;
}): LaneKinds {
  const tools = { orm, mirror: createMirror({ orm, log }) };
  return {
    [prefix]: workEach({ orm, atOnce: 4 }, async ({ key }) => {
      const [, connectionId = '', word] = key.split('/');
      const plan = reconciliationPlans.find((plan) => plan === word);
      const connection = await connections.byId(connectionId);
      if (connection && plan) await reconcileConnection(tools, connection, plan);
    }),
    [driftLanePrefix]: workEach({ orm, atOnce: 8 }, async ({ key }) => {
      const [, connectionId = '', type = '', ...id] = key.split('/');
      const connection = await connections.byId(connectionId);
      if (connection) await examineObject(tools, { connection, type, id: id.join('/'), heal: true });
    }),
  };
}
