import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { ClaimedLane } from '../../lanes/lane-kind.ts';
import { mostTries } from './judge-answer.ts';

/** What is to be done with a delivery whose lane was claimed. */
export type Beginning =
  | { what: 'nothing' }
  /** Its time has not come, in milliseconds. */
  | { what: 'wait'; milliseconds: number }
  | { what: 'give up'; reason: string }
  | ({
      what: 'send';
      attempts: number;
      messageId: string;
      type: string;
      data: unknown;
      occurredAt: Date;
    } & Destination);

type Destination = { endpointId: string; url: string; sealedSecrets: string[] };

type Row = Destination & {
  status: string | null;
  closed: boolean;
  wait: number;
  attempts: number | null;
  messageId: string;
  type: string;
  data: string;
  occurredAt: number;
};

const statement = `
  with mine as (
    select m.* from unnest($1::text[], $2::text[], $3::bigint[]) with ordinality as m(id, key, token, n)
    join lane on lane.key = m.key and lane.token = m.token
  ), begun as (
    update outgoing_delivery d set attempts = d.attempts + 1, last_attempt_at = now()
    from mine, outgoing_endpoint e
    where d.id = mine.id and e.id = d.endpoint_id and d.status = 'PENDING' and d.next_attempt_at <= now() and d.attempts < ${mostTries}
      and e.disabled_at is null and e.deleted_at is null and (e.rests_until is null or e.rests_until <= now())
    returning d.id, d.attempts
  )
  select mine.n::int, d.status, e.disabled_at is not null or e.deleted_at is not null as closed, begun.attempts,
    extract(epoch from greatest(d.next_attempt_at, e.rests_until) - now())::float8 * 1000 as wait,
    e.id as "endpointId", e.url,
    array_remove(array[e.sealed_secret, case when e.previous_secret_ends_at > now() then e.sealed_previous_secret end], null) as "sealedSecrets",
    m.id as "messageId", m.type, m.data::text as data, extract(epoch from m.occurred_at)::float8 * 1000 as "occurredAt"
  from mine
  join outgoing_delivery d on d.id = mine.id
  join outgoing_endpoint e on e.id = d.endpoint_id
  join outgoing_message m on m.id = d.message_id
  left join begun on begun.id = d.id`;

/**
 * Begins tries, in one statement: they count from now on, so that one which kills this server counts too. A lane that somebody else
 * holds by now, and a delivery that is done or gone, is nothing to us.
 */
export async function beginTries(em: EntityManager, lanes: ClaimedLane[]): Promise<Beginning[]> {
  const rows = await runStatement<Row & { n: number }>(em, statement, [
    lanes.map(({ key }) => key.split('/')[2]),
    lanes.map(({ key }) => key),
    lanes.map(({ token }) => token),
  ]);
  const found = new Map(rows.map((row) => [row.n - 1, row]));
  return lanes.map((_, n) => beginningOf(found.get(n)));
}

function beginningOf(row: Row | undefined): Beginning {
  if (row?.status !== 'PENDING') return { what: 'nothing' };
  if (row.closed) return { what: 'give up', reason: 'The endpoint is disabled or deleted.' };
  const { attempts, wait, endpointId, url, sealedSecrets, messageId, type, data, occurredAt } = row;
  if (attempts !== null)
    return {
      what: 'send',
      attempts,
      endpointId,
      url,
      sealedSecrets,
      messageId,
      type,
      data: JSON.parse(data),
      occurredAt: new Date(occurredAt),
    };
  if (wait > 0) return { what: 'wait', milliseconds: wait };
  return { what: 'give up', reason: 'The server stopped during the last try.' };
}
