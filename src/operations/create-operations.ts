import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager, MikroORM } from '@mikro-orm/core';
import type { BaseLogger } from 'pino';
import { Refusal, unavailable } from '../errors.ts';
import { newId } from '../ids.ts';
import { TryLater } from '../lanes/lane-kind.ts';
import { announcePresence } from '../lanes/presence.ts';
import type { Sealer } from '../sealing/sealing.ts';
import { isStripeTrouble } from '../stripe/stripe-trouble.ts';
import { type Call, scopeOf } from './call.ts';
import { createExecution, type Execution, type Held } from './create-execution.ts';
import { createPacker, withRows } from './kept-value.ts';
import {
  type Claim,
  claimOperation,
  endOperation,
  findOperation,
  insertOperation,
  leaveOperation,
  newToken,
  operationLanePrefix,
  otherInput,
  processLock,
  type RowTools,
  stillRunning,
} from './operation-rows.ts';

/** Runs the mutation's resolver with what it writes through. */
export type CarryOut = (execution: Execution) => Promise<unknown>;

export type Operations = {
  /**
   * Carries a mutation out: once for a key, and then with the same answer.
   * @throws Refusal CONFLICT where the key is in use for another call, or (retryable) for the same one that is running.
   */
  run(em: EntityManager, asked: { call: Call; key: string | null }, carryOut: CarryOut): Promise<unknown>;
  /** Work of a lane: goes on with an operation that was given up while Stripe was asked. */
  complete(laneKey: string, carryOut: (call: Call, execution: Execution) => Promise<unknown>): Promise<void>;
  close(): Promise<void>;
};

/** How long a call waits for the process to get its connection back. In milliseconds. */
const patience = 2_000;
const retryEvery = 250;

/** @throws where the database cannot be reached. */
export async function createOperations(tools: {
  orm: MikroORM;
  sealer: Sealer;
  databaseUrl: string;
  log: Pick<BaseLogger, 'warn'>;
}): Promise<Operations> {
  const { orm, log } = tools;
  const presence = await announcePresence({ ...tools, lock: processLock });
  const leaving = new Set<Promise<void>>();
  let closing = false;
  const rows: RowTools = { packer: createPacker(tools.sealer), owner, leave };
  return { run, complete, close };

  async function run(em: EntityManager, { call, key }: { call: Call; key: string | null }, carryOut: CarryOut) {
    const claim = { id: newId('mut'), token: newToken() };
    if (key === null) return carry({ ...claim, call, keyed: false, steps: [], stored: false }, em, carryOut);
    for (;;) {
      if (await insertOperation(em, rows, claim, { call, key, phase: 'STARTED' }))
        return carry({ ...claim, call, keyed: true, steps: [], stored: true }, em, carryOut);
      const known = await findOperation(em, rows, { scope: scopeOf(call.principal), key });
      // Freed between the two statements.
      if (!known) continue;
      if (known.call.fingerprint !== call.fingerprint) throw otherInput();
      if (known.phase === 'DONE') return withRows(em, known.answer);
      const mine = known.running ? null : await claimOperation(em, rows, known);
      if (!mine) throw stillRunning();
      return carry({ ...known, ...mine, call, stored: true }, em, carryOut);
    }
  }

  async function carry(held: Held, em: EntityManager, carryOut: CarryOut): Promise<unknown> {
    try {
      const answer = await carryOut(createExecution(rows, held, em));
      if (held.stored) await end(held, em, answer);
      return answer;
    } catch (failure) {
      if (held.stored) await leaveOperation(orm.em.fork(), held).catch(() => leave(held));
      throw failure;
    }
  }

  /** What the steps came to is kept: where the answer is not, it is found again. */
  async function end(held: Held, em: EntityManager, answer: unknown): Promise<void> {
    try {
      await endOperation(em, rows, held, answer);
    } catch (failure) {
      log.warn({ err: failure, operation: held.id }, 'An answer could not be kept');
      leave(held);
    }
  }

  function leave(claim: Claim): void {
    const left = untilLeft(claim).finally(() => leaving.delete(left));
    leaving.add(left);
  }

  async function untilLeft(claim: Claim): Promise<void> {
    for (;;) {
      try {
        return await leaveOperation(orm.em.fork(), claim);
      } catch (failure) {
        log.warn({ err: failure, operation: claim.id }, 'An operation could not be given free');
        // A process that ends gives it free by its end.
        if (closing) return;
        await sleep(retryEvery);
      }
    }
  }

  async function complete(laneKey: string, carryOut: (call: Call, execution: Execution) => Promise<unknown>) {
    const id = laneKey.slice(operationLanePrefix.length + 1);
    const em = orm.em.fork();
    const known = await findOperation(em, rows, { id });
    if (!known || known.phase === 'DONE') return;
    const mine = known.running ? null : await claimOperation(em, rows, known);
    if (!mine) throw new TryLater('It is being carried out.');
    const held: Held = { ...known, ...mine, stored: true };
    try {
      await carry(held, em, (execution) => carryOut(held.call, execution));
    } catch (failure) {
      if (isStripeTrouble(failure)) throw new TryLater(`Stripe: ${(failure as Error).message}`, { cause: failure });
      // Stripe refused it for good, and it was taken back.
      if (!held.steps.length) return;
      // All steps are done, and what they came to is refused: whoever asks again hears the same.
      if (failure instanceof Refusal && !held.steps.some((step) => 'prepared' in (step as object))) return;
      throw failure;
    }
  }

  /** @throws Refusal SERVICE_UNAVAILABLE where the connection that says that we live does not come back in time. */
  async function owner(): Promise<number> {
    for (let waited = 0; waited <= patience; waited += retryEvery) {
      const id = presence.owner();
      if (id !== null) return id;
      await sleep(retryEvery);
    }
    throw unavailable('The database cannot be reached. Try again in a moment.');
  }

  async function close(): Promise<void> {
    closing = true;
    await Promise.all(leaving);
    await presence.close();
  }
}
