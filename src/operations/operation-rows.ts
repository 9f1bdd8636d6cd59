import { randomInt } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';
import { conflict, Refusal } from '../errors.ts';
import { forgetLanes } from '../lanes/forget-lanes.ts';
import { wakeLanes } from '../lanes/wake-lanes.ts';
import { type Call, namedProjectOf, scopeOf } from './call.ts';
import type { Packer } from './kept-value.ts';
import type { OperationPhase } from './operation.entity.ts';

/** The first number of the advisory locks that processes hold; the second one is the `owner` of what they carry out. */
export const processLock = 7_002;

export const operationLanePrefix = 'operation';
export const operationLane = (id: string) => `${operationLanePrefix}/${id}`;

/** Longer than a call takes, so that the worker does not look in vain. In milliseconds. */
const completedAfter = 30_000;

export type RowTools = {
  packer: Packer;
  /** The id of this process. */
  owner(): Promise<number>;
  /** leaveOperation, until the database takes it: what is not left would be ours for as long as the process lives. */
  leave(claim: Claim): void;
};
/** An operation that we carry out, until somebody else claims it. */
export type Claim = { id: string; token: string };

export type OperationRow = Claim & {
  /** Whether the caller gave a key. */
  keyed: boolean;
  /** Of one that is done, nothing but mutation and fingerprint. */
  call: Call;
  phase: OperationPhase;
  steps: unknown[];
  answer: unknown;
  /** Whether the process that carries it out lives. */
  running: boolean;
};

export const newToken = () => String(randomInt(1, 2 ** 48 - 1));

/** @returns whether the row is new: false where the caller's key is in use. */
export async function insertOperation(
  em: EntityManager,
  { packer, owner }: RowTools,
  { id, token }: Claim,
  of: { call: Call; key: string | null; phase: OperationPhase },
): Promise<boolean> {
  const { call, key, phase } = of;
  const { teamId, environment } = call.principal;
  const inserted = await runStatement(
    em,
    `insert into operation (id, team_id, project_id, environment, scope, idempotency_key, mutation, phase, sealed_call, owner, token, touched_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now(), now())
     on conflict (scope, idempotency_key) do nothing returning 1`,
    [
      ...[id, teamId, namedProjectOf(call.principal), environment, scopeOf(call.principal), key, call.mutation, phase],
      ...[packer.pack(call, id), await owner(), token],
    ],
  );
  return inserted.length > 0;
}

type Found = { id: string; token: string; phase: OperationPhase; keyed: boolean; running: boolean };
type Sealed = { sealed_call: string; sealed_steps: string | null; sealed_answer: string | null };

/** Looks an operation up by one of its columns. Whether it is running is known by the life of the process, and at once. */
export async function findOperation(
  em: EntityManager,
  { packer }: Pick<RowTools, 'packer'>,
  where: { scope: string; key: string } | { id: string } | { subjectId: string },
): Promise<OperationRow | null> {
  const [condition, values] =
    'scope' in where
      ? ['scope = $1 and idempotency_key = $2', [where.scope, where.key]]
      : 'id' in where
        ? ['id = $1', [where.id]]
        : [`subject_id = $1 and phase = 'ASKED'`, [where.subjectId]];
  const [row] = await runStatement<Found & Sealed>(
    em,
    `select id, token::text, phase, idempotency_key is not null as keyed, sealed_call, sealed_steps, sealed_answer,
       exists (
         select from pg_locks
         where locktype = 'advisory' and classid = ${processLock} and objid = owner and objsubid = 2 and granted
           and database = (select oid from pg_database where datname = current_database())
       ) as running
     from operation where ${condition}`,
    values,
  );
  if (!row) return null;
  const { sealed_call, sealed_steps, sealed_answer, ...found } = row;
  const open = (sealed: string | null) => (sealed ? packer.unpack(sealed, row.id) : undefined);
  const steps = (open(sealed_steps) ?? []) as unknown[];
  return { ...found, call: open(sealed_call), steps, answer: open(sealed_answer) } as OperationRow;
}

/** Takes over what nobody carries out any more. @returns null where somebody else was quicker. */
export async function claimOperation(
  em: EntityManager,
  { owner }: RowTools,
  { id, token }: Claim,
): Promise<Claim | null> {
  const mine = newToken();
  const claimed = await runStatement(
    em,
    `update operation set owner = $3, token = $4 where id = $1 and token = $2 and phase <> 'DONE' returning 1`,
    [id, token, await owner(), mine],
  );
  return claimed.length ? { id, token: mine } : null;
}

/**
 * Keeps what the steps came to, in the transaction of the last one.
 * @throws Refusal CONFLICT, which rolls it back, where another process has taken the operation over.
 */
export async function keepSteps(
  em: EntityManager,
  { packer }: Pick<RowTools, 'packer'>,
  { id, token }: Claim,
  to: { phase: OperationPhase; steps: unknown[]; subjectId?: string },
): Promise<void> {
  const kept = await runStatement(
    em,
    `update operation set phase = $3, sealed_steps = $4, subject_id = coalesce($5, subject_id), touched_at = now()
     where id = $1 and token = $2 returning 1`,
    [id, token, to.phase, packer.pack(to.steps, id), to.subjectId ?? null],
  );
  if (!kept.length) throw stillRunning();
  if (to.phase === 'ASKED') await wakeLanes(em, [operationLane(id)], new Date(Date.now() + completedAfter));
  if (to.phase === 'STARTED') await forgetLanes(em, [operationLane(id)]);
}

/** Keeps the answer for the caller's key; without one there is nothing to keep. What was sent is reduced to its fingerprint. */
export async function endOperation(
  em: EntityManager,
  { packer }: Pick<RowTools, 'packer'>,
  { id, token, keyed, call }: Pick<OperationRow, 'id' | 'token' | 'keyed' | 'call'>,
  answer: unknown,
): Promise<void> {
  const [end, values] = keyed
    ? [
        `update operation set phase = 'DONE', sealed_call = $4, sealed_steps = null, sealed_answer = $5, owner = null, touched_at = now()
         where id = $1 and token = $2`,
        [packer.pack({ mutation: call.mutation, fingerprint: call.fingerprint }, id), packer.pack(answer, id)],
      ]
    : ['delete from operation where id = $1 and token = $2', []];
  await runStatement(em, `with gone as (delete from lane where key = $3) ${end}`, [
    id,
    token,
    operationLane(id),
    ...values,
  ]);
}

/** Ends an execution that failed: where nothing is written, the row goes and the key is free; otherwise another one may go on. */
export async function leaveOperation(em: EntityManager, { id, token }: Claim): Promise<void> {
  await runStatement(
    em,
    `with freed as (delete from operation where id = $1 and token = $2 and phase = 'STARTED')
     update operation set owner = null where id = $1 and token = $2 and phase <> 'STARTED'`,
    [id, token],
  );
}

export const stillRunning = () =>
  new Refusal('CONFLICT', 'The first call with this idempotency key is being carried out. Try again in a moment.', {
    field: 'idempotencyKey',
    retryable: true,
    retryAfter: 1,
  });

export const otherInput = () =>
  conflict('This idempotency key was used for another call. Use a new one for each call.', 'idempotencyKey');
