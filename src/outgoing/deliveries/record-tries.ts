import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { ClaimedLane } from '../../lanes/lane-kind.ts';
import type { Answer, Verdict } from './judge-answer.ts';

/** What came of a claimed lane. Without an answer nothing was sent. */
export type Try = { lane: ClaimedLane; verdict: Verdict; answer: Answer | null };

type Row = { id: string; endpointId: string; isFailing: boolean };

const statement = `
  with tried as (
    select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::float8[], $7::boolean[], $8::int[], $9::text[], $10::text[])
      as t(key, token, gen, id, status, wait, sent, answered, body, error)
  ), held as materialized (
    select tried.*, lane.gen = tried.gen or tried.status = 'DELIVERED' as counts, lane.gen = tried.gen as clean
    from lane join tried on lane.key = tried.key and lane.token = tried.token
    order by lane.key for update of lane
  ), ended as (
    delete from lane using held where lane.key = held.key and held.clean and held.status <> 'PENDING'
  ), again as (
    update lane set owner = null, token = null, attempts = 0, last_error = null,
      run_at = now() + case when held.clean then held.wait else 0 end * interval '1 millisecond'
    from held where lane.key = held.key and not (held.clean and held.status <> 'PENDING')
  )
  update outgoing_delivery d set
    status = case when held.counts then held.status else 'PENDING' end,
    next_attempt_at = now() + case when held.counts then held.wait else 0 end * interval '1 millisecond',
    last_status = case when held.sent then held.answered else d.last_status end,
    last_body = case when held.sent then held.body else d.last_body end,
    last_error = held.error,
    delivered_at = case when held.status = 'DELIVERED' then now() end
  from held, outgoing_endpoint e
  where d.id = held.id and d.status = 'PENDING' and e.id = d.endpoint_id
  returning d.id, e.id as "endpointId", e.failing_since is not null as "isFailing"`;

/**
 * Writes down what tries came to, each with its lane, and what follows for their endpoints. A try whose lane is somebody else's by
 * now is left out: then the message is sent again. One that failed while its message was replayed does not count. Call it in a transaction.
 * @returns the ids of the endpoints that are disabled by it.
 */
export async function recordTries(em: EntityManager, tries: Try[]): Promise<string[]> {
  const answered = tries.map(({ answer }) => (answer && 'status' in answer ? answer : null));
  const rows = await runStatement<Row>(em, statement, [
    tries.map(({ lane }) => lane.key),
    tries.map(({ lane }) => lane.token),
    tries.map(({ lane }) => lane.gen),
    tries.map(deliveryOf),
    tries.map(({ verdict }) => verdict.status),
    tries.map(({ verdict }) => verdict.wait),
    tries.map(({ answer }) => answer !== null),
    answered.map((answer) => answer?.status ?? null),
    answered.map((answer) => answer?.body ?? null),
    tries.map(({ verdict }) => verdict.error),
  ]);
  const written = new Map(rows.map((row) => [row.id, row]));
  const news = tries.flatMap((one) => newsOf(one, written.get(deliveryOf(one))));
  return news.length ? tellEndpoints(em, news) : [];
}

const deliveryOf = ({ lane }: Try) => lane.key.split('/')[2]!;

type News = { id: string; took: boolean; gone: boolean; spent: boolean; rest: number };

/** Nothing, where the endpoint goes on as before: its row is not written with each message. */
function newsOf({ answer, verdict }: Try, row: Row | undefined): News[] {
  if (!answer || !row) return [];
  const { status, isGone: gone = false, rest = 0 } = verdict;
  const took = status === 'DELIVERED';
  const spent = status === 'FAILED' && !gone;
  const isNew = took === row.isFailing || gone || spent || rest > 0;
  return isNew ? [{ id: row.endpointId, took, gone, spent, rest }] : [];
}

/** An endpoint where nothing has arrived for so many days is disabled when a message has used up its tries. */
const daysOfFailing = 5;

async function tellEndpoints(em: EntityManager, news: News[]): Promise<string[]> {
  const rows = await runStatement<{ id: string; ends: boolean }>(
    em,
    `with news as (
       select id, bool_or(took) as took, bool_or(gone) as gone, bool_or(spent) as spent, max(rest) as rest
       from json_to_recordset($1) as n(id text, took boolean, gone boolean, spent boolean, rest float8) group by id
     ), held as materialized (
       select e.id, took, gone, rest, e.disabled_at is null and (gone or (spent and not took
         and coalesce(e.failing_since < now() - interval '${daysOfFailing} days', false))) as ends
       from outgoing_endpoint e join news on news.id = e.id
       order by e.id for update of e
     )
     update outgoing_endpoint e set
       failing_since = case when not held.took then coalesce(e.failing_since, now()) end,
       rests_until = case when held.rest > 0 then greatest(e.rests_until, now() + held.rest * interval '1 millisecond')
         else e.rests_until end,
       disabled_at = case when held.ends then now() else e.disabled_at end,
       disabled_reason = case when not held.ends then e.disabled_reason when held.gone then 'GONE' else 'FAILING' end
     from held where e.id = held.id
     returning e.id, held.ends`,
    [JSON.stringify(news)],
  );
  return rows.filter(({ ends }) => ends).map(({ id }) => id);
}
