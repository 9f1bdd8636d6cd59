import type { EntityManager } from '@mikro-orm/core';
import type { Environment } from '../../environment.ts';
import type { PageArgs } from '../../reader/page.ts';
import { pageById } from '../../reader/page-by-id.ts';
import { plain } from '../forwarding/decimals.ts';
import { UsageForwarding } from '../forwarding/usage-forwarding.entity.ts';

/** A page of what Stripe's meters do not count of the usage of a project, the oldest first. */
export async function listFailedUsage(
  { em }: { em: EntityManager },
  { projectId, environment }: { projectId: string; environment: Environment },
  args: PageArgs,
) {
  const page = await pageById(em, UsageForwarding, { projectId, environment, state: 'FAILED' }, args);
  const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: viewOf(node) }));
  return { ...page, edges, nodes: edges.map(({ node }) => node) };
}

function viewOf({ id, customer, meter, usageEvent, quantity, ...row }: UsageForwarding) {
  const { isCorrection, occurredAt, failureCode, failureMessage, stripeIdentifier = null } = row;
  return {
    id,
    usageEventId: usageEvent.id,
    customerId: customer.id,
    meterId: meter.id,
    value: quantity == null ? null : plain(quantity),
    isCorrection,
    occurredAt,
    code: failureCode ?? 'unknown',
    message: failureMessage ?? '',
    stripeIdentifier,
  };
}
