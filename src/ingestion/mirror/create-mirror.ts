import type { MikroORM } from '@mikro-orm/postgresql';
import { LRUCache } from 'lru-cache';
import type { BaseLogger } from 'pino';
import { groupCommit } from '../../database/group-commit.ts';
import { runStatement } from '../../database/run-statement.ts';
import { TryLater } from '../../lanes/lane-kind.ts';
import { createLimiter, type Limiter } from '../../lanes/limiter.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { lookAtObject } from './look-at-object.ts';
import type { Reference, Seen, SyncOutcome } from './seen.ts';
import { replayStrays } from './strays.ts';
import { laneOf } from './stripe-lane.ts';
import type { StripeObject } from './stripe-object.ts';
import { stripeObjects } from './stripe-objects.ts';
import { endRounds, straysOf, type Write, writeSeen } from './write-seen.ts';

/** How many objects of one connection are asked for at once, by this process. */
const looksAtOnce = 64;

/** How often an object may turn out to refer to unknown ones: to a customer, then to prices, some of which are gone; one to spare. */
const deepest = 4;

export type Mirror = {
  /** Asks Stripe for the object. What it answers may be written only onto the row as it was before. */
  look(what: {
    connection: OpenConnection;
    type: string;
    id: string;
    since: number;
    projectHint?: string;
  }): Promise<Seen<unknown>>;
  /** Writes what was seen, and ends its round, in a transaction that is shared. Unknown objects that it refers to are brought first. */
  write(write: Write): Promise<WriteOutcome>;
};

export type WriteOutcome = Extract<SyncOutcome, string>;

/** What could not be brought, and why. */
type Lost = { reference: Reference; outcome: WriteOutcome };

/** A product is of no customer, and what is gone stays so: whoever waits for them waits for ever. */
const comesWithItsCustomer = ({ reference: { object }, outcome }: Lost) =>
  outcome === 'unrouted' && object !== 'product' && object !== 'price';

export function createMirror({ orm, log }: { orm: MikroORM; log: Pick<BaseLogger, 'warn'> }): Mirror {
  const limiters = new LRUCache<string, Limiter>({ max: 1_000 });
  const beingBrought = new Map<string, Promise<WriteOutcome>>();
  const writes = groupCommit((group: Write[]) => orm.em.fork().transactional((em) => writeSeen({ em, log }, group)), {
    items: 200,
    commits: 2,
  });
  return { look, write };

  async function look({ connection, type, id, since, projectHint }: Parameters<Mirror['look']>[0]) {
    const kind = stripeObjects.get(type)!;
    const basis = await evidenceOf(kind, connection.id, id);
    const limit = limiterOf(connection.id);
    const { object, at } = await limit(() => lookAtObject(kind, connection.stripe, id));
    // It always moves, or who asked before us would put back what he saw: within one second, or while the row is ahead by a test clock.
    const evidence = Math.max(at, since, basis + 1);
    const toldAt = since || undefined;
    return { id, object, evidence, mayReplace: (known: number) => known === basis, toldAt, projectHint };
  }

  /** One for each connection: where Stripe lets one wait, the others do not. */
  function limiterOf(connectionId: string): Limiter {
    const limiter = limiters.get(connectionId) ?? createLimiter(looksAtOnce);
    limiters.set(connectionId, limiter);
    return limiter;
  }

  /** Whoever is new may have strays: they come after him, whichever way he came. */
  async function write(asked: Write): Promise<WriteOutcome> {
    const { connection, type, seen } = asked;
    const isNew = type === 'customer' && !(await evidenceOf(stripeObjects.get(type)!, connection.id, seen.id));
    const outcome = await writeWithReferences(asked);
    if (isNew && outcome === 'applied')
      await orm.em.fork().transactional((em) => replayStrays(em, connection.id, { object: 'customer', id: seen.id }));
    return outcome;
  }

  async function writeWithReferences(asked: Write): Promise<WriteOutcome> {
    let current = asked;
    for (let depth = 0; depth < deepest; depth++) {
      const outcome = await writes.add(current);
      if (typeof outcome === 'string') return outcome;
      const lost = await bringAll(current.connection, outcome.missing);
      const needed = lost.filter(({ reference }) => !reference.mayBeGone);
      if (needed.length) return giveUp(current, needed);
      const gone = new Set([...(current.seen.gone ?? []), ...lost.map(({ reference }) => reference.id)]);
      current = { ...current, seen: { ...current.seen, gone } };
    }
    throw new TryLater('What this object refers to could not be brought.');
  }

  /** @returns those that belong to no project, or are gone. */
  async function bringAll(connection: OpenConnection, references: Reference[]): Promise<Lost[]> {
    const brought = await Promise.all(
      references.map(async (reference) => ({ reference, outcome: await bringOnce(connection, reference) })),
    );
    return brought.filter(({ outcome }) => outcome === 'unrouted' || outcome === 'ignored');
  }

  /** Objects that arrive together refer to the same ones; who knows no project must not decide for who knows it. */
  function bringOnce(connection: OpenConnection, reference: Reference): Promise<WriteOutcome> {
    const { object, id, projectHint = '' } = reference;
    const key = `${projectHint} ${laneOf({ connectionId: connection.id, object, id })}`;
    const bringing = beingBrought.get(key) ?? bring(connection, reference).finally(() => beingBrought.delete(key));
    beingBrought.set(key, bringing);
    return bringing;
  }

  async function bring(connection: OpenConnection, { object: type, id, projectHint }: Reference) {
    const seen = await look({ connection, type, id, since: 0, projectHint });
    return write({ connection, type, seen, round: null });
  }

  /** It hangs on something that belongs to no project, or is gone. */
  async function giveUp({ round }: Write, lost: Lost[]): Promise<WriteOutcome> {
    if (!round) return 'unrouted';
    await orm.em.fork().transactional(async (em) => {
      const ended = [{ round, outcome: 'unrouted' as const }];
      if (lost.every(comesWithItsCustomer) && (await straysOf(em, ended)).size)
        throw new TryLater('Its customer has come meanwhile.');
      await endRounds(em, ended);
    });
    return 'unrouted';
  }

  /** The evidence of our row; 0 where there is none. */
  async function evidenceOf({ entity, stripeId }: StripeObject, connectionId: string, id: string): Promise<number> {
    const { tableName, properties } = orm.getMetadata().get(entity);
    const [column] = (properties as Record<string, { fieldNames: string[] }>)[stripeId]!.fieldNames;
    const rows = await runStatement<{ evidence: string }>(
      orm.em.fork(),
      `select evidence from ${tableName} where connection_id = $1 and ${column} = $2`,
      [connectionId, id],
    );
    return Number(rows[0]?.evidence ?? 0);
  }
}
