import type { EntityManager } from '@mikro-orm/core';
import DataLoader from 'dataloader';
import type { BaseLogger } from 'pino';
import { runStatement } from '../database/run-statement.ts';
import type { Environment } from '../environment.ts';
import { customerVersion } from './customer-version.ts';
import type { StateChanges } from './state-changes.ts';
import { type StateEvent, StateWatcher } from './state-watcher.ts';

export type WatchedCustomer = { id: string; projectId: string; environment: Environment };

export type StateWatch = {
  /**
   * The versions of a customer's state as they come, the current one at once unless it is `since`. A customer whom the project does not have has one
   * event, whose reading says so.
   */
  watch(customer: WatchedCustomer, since: bigint | null): AsyncIterableIterator<StateEvent>;
  close(): void;
};

type Tools = { em: EntityManager; stateChanges: StateChanges; log: Pick<BaseLogger, 'warn'> };

const mostTogether = 1_000;

/** Whose state changed, for the streams of this process. Versions are looked up together, however many ask. */
export function createStateWatch(tools: Tools): StateWatch {
  /** By customer, and by side. */
  const watchers = new Map<string, Set<StateWatcher>>();
  const versions = new DataLoader<WatchedCustomer, string | null>((customers) => versionsOf(tools, customers), {
    cache: false,
    maxBatchSize: mostTogether,
  });

  function leave(subject: string, watcher: StateWatcher): void {
    const others = watchers.get(subject);
    if (others?.delete(watcher) && !others.size) watchers.delete(subject);
  }

  const close = tools.stateChanges.watch((changed) => {
    const subjects = changed ? [...changed.customerIds, ...changed.sides] : watchers.keys();
    for (const subject of subjects) for (const watcher of watchers.get(subject) ?? []) watcher.look();
  });

  return {
    close,
    watch(customer, since) {
      const subjects = [customer.id, `${customer.projectId}/${customer.environment}`];
      const watcher = new StateWatcher({
        since,
        version: () => versions.load(customer),
        leave() {
          for (const subject of subjects) leave(subject, watcher);
        },
      });
      // Before the first look, so that nothing falls between them.
      for (const subject of subjects) watchers.set(subject, (watchers.get(subject) ?? new Set()).add(watcher));
      return watcher;
    },
  };
}

type Row = WatchedCustomer & { version: string };

/** Of each customer, null where the project does not have him. */
async function versionsOf(
  { em, log }: Pick<Tools, 'em' | 'log'>,
  customers: readonly WatchedCustomer[],
): Promise<(string | null)[]> {
  try {
    const ids = [...new Set(customers.map(({ id }) => id))];
    const rows = await runStatement<Row>(em.fork(), statement, [ids]);
    const found = new Map(rows.map((row) => [nameOf(row), row.version]));
    return customers.map((customer) => found.get(nameOf(customer)) ?? null);
  } catch (failure) {
    log.warn({ err: failure }, 'Versions of states cannot be looked up, and are asked again');
    throw failure;
  }
}

const nameOf = ({ id, projectId, environment }: WatchedCustomer) => `${id} ${projectId}/${environment}`;

const statement = `
  select c.id, c.project_id as "projectId", c.environment,
    ${customerVersion({ id: 'c.id', projectId: 'c.project_id', environment: 'c.environment' })}::text as version
  from customer c where c.id = any ($1)`;
