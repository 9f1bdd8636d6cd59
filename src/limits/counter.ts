/** What was counted of a key in its window. */
export type Count = { consumed: number; msBeforeNext: number };

/** Counts points. It never fails and never waits for long. */
export type Counter = {
  /** Adds points to a key, whose window of so many seconds begins where it has none. */
  add(key: string, points: number, seconds: number): Promise<Count>;
  close(): void;
};
