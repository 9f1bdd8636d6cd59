import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { Message, Verdict } from './message.ts';

const stamping = `
  with new as (
    select * from unnest($1::text[], $2::text[], $3::float8[], $4::numeric[], $5::int[]) as new (id, identifier, at, value, together)
  ), held as materialized (
    select new.* from usage_forwarding f join new on new.id = f.id where f.state = 'PENDING' order by f.id for update of f
  ), whole as (
    select identifier from held group by identifier, together having count(*) = together
  )
  update usage_forwarding f
  set state = 'ASKED', stripe_identifier = held.identifier, stripe_at = to_timestamp(held.at), stripe_value = held.value, asked_at = now()
  from held join whole using (identifier) where f.id = held.id
  returning f.id`;

/**
 * Says which event of Stripe's carries which rows, before Stripe is asked: whoever asks again, after a crash, asks the same. A message is
 * left alone whole where a row of it was voided, or taken by a worker that believed the lane to be its own.
 * @returns the ids of the rows of the others.
 */
export async function stampMessages({ em }: { em: EntityManager }, messages: Message[]): Promise<Set<string>> {
  const stamped = messages.flatMap(({ rows, ...message }) =>
    rows.map(({ id }) => ({ id, together: rows.length, ...message })),
  );
  const rows = await runStatement<{ id: string }>(em, stamping, [
    stamped.map(({ id }) => id),
    stamped.map(({ identifier }) => identifier),
    stamped.map(({ at }) => at),
    stamped.map(({ value, cancels }) => (cancels ? null : value)),
    stamped.map(({ together }) => together),
  ]);
  return new Set(rows.map(({ id }) => id));
}

const recording = `
  with said as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[]) as said (id, state, code, message, is_certain)
  ), held as materialized (
    select said.* from usage_forwarding f join said on said.id = f.id where f.state = 'ASKED' order by f.id for update of f
  )
  update usage_forwarding f
  set state = held.state, failure_code = held.code, failure_message = held.message,
    counted_at = case when held.state = 'COUNTED' then now() end,
    asked_at = case when not held.is_certain then f.asked_at end,
    stripe_identifier = case when held.state <> 'PENDING' then f.stripe_identifier end,
    stripe_at = case when held.state <> 'PENDING' then f.stripe_at end,
    stripe_value = case when held.state <> 'PENDING' then f.stripe_value end
  from held where f.id = held.id`;

const stateOf = { counted: 'COUNTED', refused: 'FAILED', 'not done': 'PENDING' } as const;
const longestReason = 500;

/** Writes down what Stripe said. Since when it may have been counted stays only where nobody knows whether it was. */
export async function recordVerdicts({ em }: { em: EntityManager }, verdicts: Verdict[]): Promise<void> {
  const said = verdicts.flatMap((verdict) => {
    const [code, message] =
      verdict.is === 'refused'
        ? [verdict.code, verdict.reason.replaceAll('\0', '').slice(0, longestReason)]
        : [null, null];
    const isCertain = verdict.is !== 'refused' || verdict.isCertain;
    return verdict.message.rows.map(({ id }) => ({ id, state: stateOf[verdict.is], code, message, isCertain }));
  });
  await runStatement(em, recording, [
    said.map(({ id }) => id),
    said.map(({ state }) => state),
    said.map(({ code }) => code),
    said.map(({ message }) => message),
    said.map(({ isCertain }) => isCertain),
  ]);
}
