import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/core';
import { type Change, mergeChanges } from '../audit/change.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { watchWrites } from '../audit/watch-writes.ts';
import { Refusal } from '../errors.ts';
import { untilWorked } from '../lanes/until-worked.ts';
import { nameFields } from '../stripe/input-fields.ts';
import { withRows } from './kept-value.ts';
import type { Note, Operation, StripeStep } from './operation.ts';
import {
  claimOperation,
  findOperation,
  insertOperation,
  keepSteps,
  type OperationRow,
  type RowTools,
} from './operation-rows.ts';
import { StripeFailed, sendToStripe } from './send-to-stripe.ts';

/** What is carried out, as far as it came. `stored` is false as long as there is no row. */
export type Held = Pick<OperationRow, 'id' | 'token' | 'keyed' | 'call'> & { steps: unknown[]; stored: boolean };

/** A step that is done, or one whose question to Stripe has no answer yet. */
type Done = { result: unknown };
type Asked = { prepared: unknown; changes: Change[] };

export type Execution = {
  operation: Operation;
  /** What is written through it outside of steps is a fault of ours, and fails. */
  em: EntityManager;
};

/** Carries an operation out, on from the last step that is kept. */
export function createExecution(tools: RowTools, held: Held, requestEm: EntityManager): Execution {
  const em = requestEm.fork({ freshEventManager: true });
  const { call } = held;
  const given = Object.keys((call.args.input as object | undefined) ?? {});
  let next = 0;
  let heard: Change[] | null = null;
  const awaited: string[] = [];
  watchWrites(em, (changes) => {
    if (!heard)
      throw new Error(`${call.mutation} writes outside of a step: use context.operation (operations/operation.ts).`);
    heard.push(...changes);
  });

  /** One transaction: the work, what it came to, and what it changed, for the audit log. */
  async function transaction<Result>(
    work: (em: EntityManager, note: Note) => Promise<Result>,
    keep: (em: EntityManager, result: Result, changes: Change[]) => Promise<void>,
  ): Promise<Result> {
    if (heard) throw new Error(`${call.mutation} begins a step within a step.`);
    const changes: Change[] = [];
    heard = changes;
    try {
      return await em.transactional(
        async (em) => {
          const result = await work(em, (change) => changes.push({ ...nothing, ...change }));
          await em.flush();
          await keep(em, result, changes);
          return result;
        },
        { clear: true },
      );
    } finally {
      heard = null;
    }
  }

  const audit = (em: EntityManager, changes: Change[]) =>
    recordAudit(em, call, mergeChanges(changes.length ? changes : [nothing]));

  async function write<Result>(work: (em: EntityManager, note: Note) => Promise<Result>): Promise<Result> {
    const index = next++;
    const known = held.steps[index] as Done | undefined;
    if (known) return withRows(em, known.result as Result);
    const result = await transaction(work, async (em, result, changes) => {
      if (held.stored) await keepSteps(em, tools, held, { phase: 'WRITTEN', steps: [...held.steps, { result }] });
      await audit(em, changes);
    });
    held.steps.push({ result });
    return result;
  }

  async function askStripe<Prepared, Made, Result>(step: StripeStep<Prepared, Made, Result>): Promise<Result> {
    const index = next++;
    const known = held.steps[index] as Done | Asked | undefined;
    if (known && 'result' in known) return withRows(em, known.result as Result);
    if (!known) {
      const resumed = await prepare(step).catch((failure) => resumeOther(step, failure, index));
      if (resumed) return resumed.result as Result;
    }
    const { prepared, changes: earlier } = held.steps[index] as Asked & { prepared: Prepared };
    const asking = { idempotencyKey: `${held.id}/${index}`, askedBefore: known !== undefined };
    const made = await sendToStripe((...how) => step.send(prepared, ...how), asking).catch(async (failure) => {
      if (!(failure instanceof StripeFailed)) throw failure;
      if (failure.did === 'nothing') await takeBack(step, prepared, index);
      if (failure.did === 'part' && step.recordPart) await recordPart(step, prepared, index);
      const fields = typeof step.fields === 'function' ? step.fields(prepared) : step.fields;
      throw nameFields(failure.failure, fields, given);
    });
    const before = held.steps.slice(0, index);
    const record = () =>
      transaction(
        (em, note) => step.record(em, prepared, made, note),
        async (em, result, changes) => {
          await keepSteps(em, tools, held, { phase: 'WRITTEN', steps: [...before, { result }] });
          await audit(em, [...earlier, ...changes]);
        },
      );
    // Stripe's webhook was quicker by a moment, and has inserted the row: now it is found.
    const result = await record().catch((failure) => {
      if (failure instanceof UniqueConstraintViolationException) return record();
      throw failure;
    });
    held.steps[index] = { result };
    await untilWorked(em, awaited.splice(0));
    return result;
  }

  async function prepare<Prepared, Made, Result>(step: StripeStep<Prepared, Made, Result>): Promise<undefined> {
    let asked: Asked | undefined;
    await transaction(
      (em, note) => step.prepare(em, note),
      async (em, prepared, changes) => {
        asked = { prepared, changes };
        if (!held.stored) await insertOperation(em, tools, held, { call, key: null, phase: 'ASKED' });
        const subjectId = step.subjectOf?.(prepared);
        await keepSteps(em, tools, held, { phase: 'ASKED', steps: [...held.steps, asked], subjectId });
      },
    );
    held.stored = true;
    held.steps.push(asked);
  }

  async function takeBack<Prepared, Made, Result>(
    step: StripeStep<Prepared, Made, Result>,
    prepared: Prepared,
    index: number,
  ): Promise<void> {
    const steps = held.steps.slice(0, index);
    await transaction(
      async (em) => step.undo?.(em, prepared),
      (em) => keepSteps(em, tools, held, { phase: index ? 'WRITTEN' : 'STARTED', steps }),
    );
    held.steps = steps;
  }

  /** What Stripe did is told, and the call is over: its key is free. */
  async function recordPart<Prepared, Made, Result>(
    step: StripeStep<Prepared, Made, Result>,
    prepared: Prepared,
    index: number,
  ): Promise<void> {
    const steps = held.steps.slice(0, index);
    const { changes: earlier } = held.steps[index] as Asked;
    await transaction(
      async (em, note) => step.recordPart!(em, prepared, note),
      async (em, _nothing, changes) => {
        await keepSteps(em, tools, held, { phase: index ? 'WRITTEN' : 'STARTED', steps });
        await audit(em, [...earlier, ...changes]);
      },
    );
    held.steps = steps;
    await untilWorked(em, awaited.splice(0));
  }

  /** Goes on with what a call for the same has begun and nobody was answered, in place of our own. */
  async function resumeOther<Prepared, Made, Result>(
    step: StripeStep<Prepared, Made, Result>,
    failure: unknown,
    index: number,
  ): Promise<Done> {
    if (!step.orResume || index > 0 || failure instanceof Refusal) throw failure;
    const { subjectId, refusal } = await step.orResume(failure);
    const other = subjectId === null ? null : await findOperation(em, tools, { subjectId });
    const isSame = other && other.call.fingerprint === call.fingerprint;
    const claim = isSame && !other.running ? await claimOperation(em, tools, other) : null;
    if (!other || !claim) throw refusal;
    const execution = createExecution(tools, { ...other, ...claim, stored: true }, requestEm);
    const result = await execution.operation.askStripe(step).finally(() => tools.leave(claim));
    held.steps[index] = { result };
    return { result };
  }

  return {
    operation: {
      keyed: held.keyed,
      resumed: held.steps.length > 0,
      write,
      askStripe,
      waitForLane: (key) => void awaited.push(key),
    },
    em,
  };
}

const nothing: Change = { subjectType: null, subjectId: null, before: null, after: null };
