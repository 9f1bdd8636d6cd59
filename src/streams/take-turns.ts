/** Runs what is asked of it, so many at a time; the others wait, in the order in which they came. */
export type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function takeTurns(most: number): Turns {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
