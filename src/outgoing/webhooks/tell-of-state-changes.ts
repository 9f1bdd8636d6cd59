import type { EntityManager } from '@mikro-orm/core';
import { customerVersion } from '../../customer-state/customer-version.ts';
import { runStatement } from '../../database/run-statement.ts';
import type { Environment } from '../../environment.ts';
import { enqueueOutgoing } from './enqueue-outgoing.ts';

/** Of whom the state changed. Without a customer: of everyone in the project and environment. */
type Changed = { projectId: string; environment: Environment; customerId: string | null };

/**
 * Tells endpoints whose state is another, with its version, in the EntityManager's transaction. A change of a whole side is told once, and
 * not for each of its customers, of whom there may be many.
 */
export async function tellOfStateChanges({ em }: { em: EntityManager }, changed: Changed[]): Promise<void> {
  const told = await runStatement<Changed & { externalId: string | null; version: string }>(em, statement, [
    JSON.stringify(changed),
  ]);
  await enqueueOutgoing(
    em,
    told.map(({ projectId, environment, customerId, externalId, version }) => ({
      type: 'customer.state_changed',
      projectId,
      environment,
      customerId,
      data: { customerId, externalId, version },
      occurredAt: new Date(),
    })),
  );
}

const versionOf = customerVersion({ id: 's."customerId"', projectId: 's."projectId"', environment: 's.environment' });

/** Where a project has no endpoint, nothing is read. One who was deleted meanwhile is told of, too. */
const statement = `
  select s."projectId", s.environment, s."customerId", c.external_id as "externalId", ${versionOf}::text as version
  from json_to_recordset($1) as s("projectId" text, environment text, "customerId" text)
  left join customer c on c.id = s."customerId"
  where (s."customerId" is null or c.id is not null) and exists (
    select from outgoing_endpoint e
    where (e.project_id, e.environment) = (s."projectId", s.environment) and e.deleted_at is null
  )
  order by s."customerId"`;
