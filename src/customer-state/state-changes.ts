import type { BaseLogger } from 'pino';
import { listen } from '../database/listen.ts';

/** Triggers say here whose state changed: see the migration that makes them. */
export const stateChannel = 'billgraph_customer_state';

/** Of whom the state changed: ids of customers, and `project/environment` where it did for all of them. */
export type ChangedState = { customerIds: string[]; sides: string[] };

/** What every process hears as soon as a transaction commits that changed the state of a customer, whoever ran it. */
export type StateChanges = {
  /**
   * @param onChange told of each change; null where some may have been missed, since the connection that listens was made anew. It may not throw.
   * @returns what ends it.
   */
  watch(onChange: (changed: ChangedState | null) => void): () => void;
  close(): Promise<void>;
};

export async function listenForStateChanges(tools: {
  databaseUrl: string;
  log: Pick<BaseLogger, 'warn'>;
}): Promise<StateChanges> {
  const watchers = new Set<(changed: ChangedState | null) => void>();
  const { close } = await listen({
    ...tools,
    channel: stateChannel,
    onNotify(payload) {
      const changed = payload === null ? null : read(payload);
      for (const watcher of watchers) watcher(changed);
    },
  });
  return {
    watch(onChange) {
      watchers.add(onChange);
      return () => watchers.delete(onChange);
    },
    close,
  };
}

function read(payload: string): ChangedState {
  const subjects = payload.split(' ');
  const isSide = (subject: string) => subject.includes('/');
  return { customerIds: subjects.filter((subject) => !isSide(subject)), sides: subjects.filter(isSide) };
}
