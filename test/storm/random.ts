/** Random numbers that a seed repeats. */
export type Random = {
  /** From 0 to 1. */
  next(): number;
  /** A whole number from 0, below `end`. */
  below(end: number): number;
  chance(probability: number): boolean;
  /** A new list of the same values. */
  shuffle<Value>(values: readonly Value[]): Value[];
  pick<Value>(values: readonly Value[]): Value;
};

export function createRandom(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (end: number) => Math.floor(next() * end);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    shuffle: (values) =>
      values
        .map((value) => ({ value, place: next() }))
        .sort((a, b) => a.place - b.place)
        .map(({ value }) => value),
    pick: (values) => values[below(values.length)]!,
  };
}
