import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import type { Change } from '../audit/change.ts';
import type { Refusal } from '../errors.ts';
import type { InputFields } from '../stripe/input-fields.ts';

/**
 * Operations: mutations that are carried out once.
 *
 * A mutation does its work in *steps*. What a step came to is kept, in the transaction of the step, so that carrying the mutation out
 * again goes over what was done and on from there: the same rows, and in Stripe the same object, since Stripe's
 * idempotency key is derived from the operation. That happens when the caller asks again with his `idempotencyKey`, and, where Stripe
 * was asked, in the background (complete-operation.ts), whether the caller comes back or not.
 *
 * - `write` is for what we decide alone: one transaction.
 * - `askStripe` is for what Stripe is asked: a transaction before, the call, a transaction after.
 *
 * Steps run one after the other, in the same order each time. What stands between them may run again: only look there.
 * What a step answers is stored: plain data, and rows, which are read again. Every change of a row is written to the audit log
 * in the same transaction; whoever changes rows by a statement of SQL tells of it with `note`.
 */
export type Operation = {
  /** Whether the caller named the call by a key: then only a call with the same key is the same call. */
  keyed: boolean;
  /** Whether it goes on with what an earlier execution began: what was decided then stays, and a look between the steps refuses nothing. */
  resumed: boolean;
  /** Runs `work` in one transaction, once. Refusals that it throws leave nothing behind. */
  write<Result>(work: (em: EntityManager, note: Note) => Promise<Result>): Promise<Result>;
  /** Makes one change in Stripe, once: see StripeStep. @throws what `prepare` refuses; Stripe's failure. */
  askStripe<Prepared, Made, Result>(step: StripeStep<Prepared, Made, Result>): Promise<Result>;
  /**
   * Says, within a step, that what it changed is not in our rows before this lane is worked. The step then ends when it was, or after
   * two seconds: who made a change reads it, and nobody hangs.
   */
  waitForLane(key: string): void;
};

/** Puts a change into the audit log that the unit of work does not see. */
export type Note = (change: Partial<Change>) => void;

export type StripeStep<Prepared, Made, Result> = {
  /**
   * Decides, in one transaction: looks up or refuses, writes the row that Stripe's object is made for, and answers what Stripe is
   * asked. It runs once, however often Stripe is asked, so that Stripe is always asked the same.
   */
  prepare(em: EntityManager, note: Note): Promise<Prepared>;
  /** Our id of the row that the object is made for, so that `orResume` finds the operation. */
  subjectOf?(prepared: Prepared): string;
  /** Asks Stripe, with these options: they hold the idempotency key. Who asks several things says how far it came. */
  send(prepared: Prepared, options: StripeOptions, progress: Progress): Promise<Made>;
  /** Our input's words for Stripe's parameters, for what Stripe refuses: see inputFieldOf. */
  fields?: InputFields | ((prepared: Prepared) => InputFields);
  /** Writes down what Stripe made, in one transaction. */
  record(em: EntityManager, prepared: Prepared, made: Made, note: Note): Promise<Result>;
  /** Takes back what `prepare` wrote, in one transaction: Stripe certainly did nothing. */
  undo?(em: EntityManager, prepared: Prepared): Promise<void>;
  /**
   * Writes down, in one transaction, that Stripe did a part of it and refused the rest: the call is refused, and over. Without this it stays open, for
   * the same key and the worker to go on with.
   */
  recordPart?(em: EntityManager, prepared: Prepared, note: Note): Promise<void>;
  /**
   * Where `prepare` failed: names the row that stands in the way. If an operation of the same mutation and input has begun it and was
   * given up, that one is carried on in place of this one; otherwise `refusal` is the answer.
   */
  orResume?(failure: unknown): Promise<{ subjectId: string | null; refusal: Refusal }>;
};

/**
 * How far a `send` came that asks Stripe several things. `part` is set as soon as Stripe did one of them, and unset where that was taken back: from
 * then on a failure of the next one does not say that nothing was done.
 */
export type Progress = { part: boolean };

/** Retries are ours, which count them: see ask-stripe.ts. */
export type StripeOptions = Pick<Stripe.RequestOptions, 'idempotencyKey' | 'maxNetworkRetries'>;
