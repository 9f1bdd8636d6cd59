import type { EntityManager, FilterQuery } from '@mikro-orm/core';
import type { Environment } from '../../environment.ts';
import type { PageArgs } from '../../reader/page.ts';
import { pageById } from '../../reader/page-by-id.ts';
import { MeterErrorReport } from '../events/meter-error-report.entity.ts';
import { Meter } from '../meters/meter.entity.ts';

const mostErrors = 2 ** 31 - 1;

/** A page of Stripe's reports about the meters of a project, the oldest first. A report is the account's; a meter is one project's. */
export async function listMeterErrors(
  { em }: { em: EntityManager },
  { projectId, environment }: { projectId: string; environment: Environment },
  args: PageArgs,
) {
  const meters = await em.find(Meter, { projectId, environment }, { fields: ['connectionId', 'stripeMeterId'] });
  const where: FilterQuery<MeterErrorReport> = {
    connectionId: { $in: meters.map(({ connectionId }) => connectionId) },
    stripeMeterId: { $in: meters.flatMap(({ stripeMeterId }) => stripeMeterId ?? []) },
  };
  const page = await pageById<MeterErrorReport>(em, MeterErrorReport, where, args);
  const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: viewOf(node) }));
  return { ...page, edges, nodes: edges.map(({ node }) => node) };
}

const viewOf = ({
  id,
  stripeMeterId,
  summary,
  windowStart,
  windowEnd,
  reasons,
  createdAt,
  ...row
}: MeterErrorReport) => ({
  id,
  stripeMeterId,
  summary,
  windowStart,
  windowEnd,
  errorCount: Math.min(Number(row.errorCount), mostErrors),
  reasons,
  createdAt,
});
