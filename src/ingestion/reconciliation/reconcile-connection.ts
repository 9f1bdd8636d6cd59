import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { StripeConnection } from '../../tenancy/connections/stripe-connection.entity.ts';
import type { ExamineTools } from '../drift/examine-object.ts';
import { lookAtEndpoint } from './look-at-endpoint.ts';
import { Reconciliation, type SweepPlace } from './reconciliation.entity.ts';
import { sweepObjects } from './sweep-objects.ts';
import { walkEvents } from './walk-events.ts';

/**
 * - events: what Stripe's list of events has more than the inbox. Often, and cheap.
 * - sweep: also every object that Stripe has, compared with our rows. At night.
 * - full: the same at once, for somebody who asks: what happened a moment ago counts as missing.
 * - dry: the same, and nothing is changed but the report.
 */
export const reconciliationPlans = ['events', 'sweep', 'full', 'dry'] as const;
export type ReconciliationPlan = (typeof reconciliationPlans)[number];

/** Milliseconds after which a sweep that was cut off begins anew: too much has changed behind its back. */
const staleAfter = 20 * 3_600_000;

const fresh = (place: SweepPlace | null | undefined) =>
  place && Date.now() - Date.parse(place.begunAt) < staleAfter ? place : null;

/** Seconds that a delivery may take before it is missed. */
const grace = 120;

/**
 * Compares a connection with Stripe, and heals what differs. It may be cut off at any point and repeated: events are known
 * until the cursor of the last stride, and the nightly sweep goes on after the last page. The rest begins again.
 */
export async function reconcileConnection(
  tools: ExamineTools,
  connection: OpenConnection,
  plan: ReconciliationPlan,
): Promise<void> {
  const heal = plan !== 'dry';
  const patience = plan === 'events' || plan === 'sweep' ? grace : 0;
  await walkEvents(tools, {
    connection,
    from: (await find())?.eventsUntil ?? (await connectedAt()),
    grace: patience,
    heal,
    onKnownUntil: async (eventsUntil) => {
      if (heal) await keep({ eventsUntil });
    },
  });
  await keep({ ...(await lookAtEndpoint(connection)), ...(heal ? { eventsCheckedAt: new Date() } : {}) });
  if (plan === 'events') return;
  const resumes = plan === 'sweep';
  await sweepObjects(tools, {
    connection,
    grace: patience,
    heal,
    from: resumes ? fresh((await find())?.sweepPlace) : null,
    onPlace: async (sweepPlace) => {
      if (resumes) await keep({ sweepPlace });
    },
  });
  await keep({ sweptAt: new Date() });

  function find() {
    return tools.orm.em.fork().findOne(Reconciliation, { connection: connection.id });
  }

  /** What came before is for a backfill. */
  async function connectedAt() {
    const { createdAt } = await tools.orm.em.fork().findOneOrFail(StripeConnection, { id: connection.id });
    return Math.floor(createdAt.getTime() / 1000);
  }

  async function keep(what: Partial<Omit<Reconciliation, 'connection'>>) {
    await tools.orm.em.fork().upsert(Reconciliation, { connection: connection.id, ...what });
  }
}
