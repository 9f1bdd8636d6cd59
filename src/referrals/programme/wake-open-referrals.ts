import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { insertReferralLanes } from '../life/wake-referrals.ts';

/** Has those referrals of a side decided anew that were not converted, or those of one code. */
export async function wakeOpenReferrals(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  codeId: string | null = null,
): Promise<void> {
  await runStatement(
    em,
    insertReferralLanes(
      `(r.project_id, r.environment) = ($1, $2) and r.status in ('PENDING', 'QUALIFIED') and ($3::text is null or r.code_id = $3)`,
    ),
    [projectId, environment, codeId],
  );
}
