import type { Counter } from '../../src/limits/counter.ts';
import { createMemoryCounter } from '../../src/limits/create-memory-counter.ts';

/** The server's own counter, whose windows are an hour at least: none ends while a test runs, however slow the machine is. */
export function slowCounter(): Counter {
  const memory = createMemoryCounter();
  return { ...memory, add: (key, points, seconds) => memory.add(key, points, Math.max(seconds, 3_600)) };
}
