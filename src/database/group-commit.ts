import { isDatabaseTrouble } from './sql-state.ts';

export type GroupCommit<Item, Result> = {
  /** Resolves once the item's group is committed. */
  add(item: Item): Promise<Result>;
  /** Resolves when nothing waits or runs. */
  idle(): Promise<void>;
};

type Waiting<Item, Result> = { item: Item; resolve(result: Result): void; reject(failure: unknown): void };

/**
 * Items that arrive while a commit runs share the next one. Where a commit fails, and not because of the database, each item
 * of its group is committed alone: the one at fault fails by itself.
 * @param commit writes the items in one transaction and answers a result for each, in order.
 * @param limits how many items make a group, and how many commits run at once.
 */
export function groupCommit<Item, Result>(
  commit: (items: Item[]) => Promise<Result[]>,
  limits: { items: number; commits: number },
): GroupCommit<Item, Result> {
  const queue: Waiting<Item, Result>[] = [];
  const running = new Set<Promise<void>>();
  let scheduled = false;

  function schedule() {
    if (scheduled || running.size >= limits.commits) return;
    scheduled = true;
    // What arrives in the same turn of the event loop belongs together.
    setImmediate(() => {
      scheduled = false;
      const run = settle(queue.splice(0, limits.items)).finally(() => {
        running.delete(run);
        if (queue.length) schedule();
      });
      running.add(run);
      if (queue.length) schedule();
    });
  }

  async function settle(group: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await commit(group.map(({ item }) => item));
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result);
    } catch (failure) {
      if (group.length > 1 && !isDatabaseTrouble(failure)) for (const one of group) await settle([one]);
      else for (const { reject } of group) reject(failure);
    }
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject });
        schedule();
      }),
    async idle() {
      while (scheduled || running.size) {
        await Promise.all(running);
        if (scheduled) await new Promise(setImmediate);
      }
    },
  };
}
