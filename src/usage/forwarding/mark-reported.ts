import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';

type Sample = { code: string; message: string; identifier: string | null };

/** Stripe took these, and could not count them: what they carried has failed, and is sent under a new identifier if it is sent again. */
export async function markReported(
  { em }: { em: EntityManager },
  connectionId: string,
  samples: Sample[],
): Promise<void> {
  const named = samples.filter(({ identifier }) => identifier !== null);
  if (!named.length) return;
  await runStatement(
    em,
    `with said as (
       select distinct on (identifier) * from unnest($2::text[], $3::text[], $4::text[]) as said (identifier, code, message)
     ), held as materialized (
       select f.id, said.code, said.message from usage_forwarding f
       join said on said.identifier = f.stripe_identifier join meter on meter.id = f.meter_id
       where f.state in ('ASKED', 'COUNTED') and meter.connection_id = $1 order by f.id for update of f
     )
     update usage_forwarding f
     set state = 'FAILED', failure_code = held.code, failure_message = held.message, asked_at = null, counted_at = null
     from held where f.id = held.id`,
    [
      connectionId,
      named.map(({ identifier }) => identifier),
      named.map(({ code }) => code),
      named.map(({ message }) => message),
    ],
  );
}
