import type { EntityManager } from '@mikro-orm/core';
import type { BaseLogger } from 'pino';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';

/** An object of Stripe's as an event, or an answer of Stripe's, showed it. */
export type Seen<StripeObject> = {
  id: string;
  /** Null: Stripe has deleted it. */
  object: StripeObject | null;
  /** The second of Stripe's clock until which this was provably so. It becomes the row's evidence. */
  evidence: number;
  /** Whether it may replace a row with this evidence; 0 stands for no row. */
  mayReplace(evidence: number): boolean;
  /** The second of the newest event that told of it, in the object's own time: under a test clock of Stripe's, that is the clock's. */
  toldAt?: number | undefined;
  /** The project of the object that refers to this one: it belongs there where nothing else says otherwise. */
  projectHint?: string | undefined;
  /** Stripe's ids of what it refers to and Stripe no longer knows. */
  gone?: ReadonlySet<string>;
};

/**
 * - applied: our row is as Stripe's object was seen.
 * - ignored: there is nothing to keep of it.
 * - unrouted: it belongs to no project.
 * - overtaken: our row knows something that may be newer. Nothing was written.
 * - missing: it refers to objects that have no row yet. Nothing was written.
 */
export type SyncOutcome = 'applied' | 'ignored' | 'unrouted' | 'overtaken' | { missing: Reference[] };

export type Reference = {
  object:
    | 'customer'
    | 'product'
    | 'price'
    | 'subscription'
    | 'payment_intent'
    | 'charge'
    | 'payment_method'
    | 'invoice';
  id: string;
  projectHint?: string | undefined;
  /** Whether what refers to it is kept without it, where Stripe no longer knows it. */
  mayBeGone?: boolean;
};

/**
 * Brings objects of one connection to our rows, in the EntityManager's transaction, and answers an outcome for each, in
 * order. It has the old row at hand and the new state: what follows from their difference is written here too.
 */
export type Sync<StripeObject> = (tools: SyncTools, seen: Seen<StripeObject>[]) => Promise<SyncOutcome[]>;

export type SyncTools = {
  em: EntityManager;
  connection: Pick<OpenConnection, 'id' | 'teamId' | 'environment'>;
  log: Pick<BaseLogger, 'warn'>;
  /**
   * What the same transaction brings of another type. Who changes rows of that type too locks all of them at once: in the order
   * of their ids, as everybody does, or two transactions wait for each other.
   */
  alongside?(type: string): Seen<unknown>[];
};

/**
 * Stripe's seconds as an instant.
 * @throws RangeError for what no calendar has.
 */
export function instantOf(seconds: number): Date;
export function instantOf(seconds: number | null | undefined): Date | null;
export function instantOf(seconds: number | null | undefined): Date | null {
  if (seconds == null) return null;
  const instant = new Date(seconds * 1000);
  if (Number.isNaN(instant.getTime())) throw new RangeError(`${seconds} is no time of Stripe's.`);
  return instant;
}

/** Stripe's references are ids, or whole objects where they were expanded. */
export const idOf = (reference: string | { id: string }) => (typeof reference === 'string' ? reference : reference.id);
