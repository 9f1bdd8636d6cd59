import type { Principal } from '../identity/access/principal.ts';

/** What bounds the streams of a process. Times are in milliseconds. */
export type StreamBounds = {
  /** Open at once in this process, whoever opened them. */
  inProcess: number;
  /** Open at once in this process by one API key, customer or operator. */
  ofOne: Record<Principal['kind'], number>;
  /** After which a stream ends, to be opened again; each a little earlier, so that those that began together do not end together. */
  longest: number;
  /** How often a stream says that it lives, and asks whether its credential does. */
  heartbeat: number;
  /** How long a client may leave unread what was sent. */
  patience: number;
  /** Between two pushes of one stream: what changes meanwhile is pushed together. */
  pause: number;
  /** How many streams read at once: pools are for requests first. */
  readers: number;
};

export const streamBounds: StreamBounds = {
  inProcess: 10_000,
  ofOne: { API_KEY: 1_000, CUSTOMER_TOKEN: 20, OPERATOR: 20 },
  longest: 3_600_000,
  heartbeat: 15_000,
  patience: 10_000,
  pause: 100,
  readers: 4,
};
