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

const seconds = 1_000;
const many = 100_000;

/**
 * The same as people name them, in the units that they give them in, and between what they may be. A client takes a stream for lost
 * that is silent for 45 seconds.
 */
export const streamBoundNames = {
  PROCESS: { least: 1, most: many, changes: (inProcess) => ({ inProcess }) },
  API_KEY: { least: 1, most: many, changes: (API_KEY) => ({ ofOne: { API_KEY } }) },
  CUSTOMER_TOKEN: { least: 1, most: many, changes: (CUSTOMER_TOKEN) => ({ ofOne: { CUSTOMER_TOKEN } }) },
  OPERATOR: { least: 1, most: many, changes: (OPERATOR) => ({ ofOne: { OPERATOR } }) },
  LONGEST_SECONDS: { least: 60, most: 86_400, changes: (longest) => ({ longest: longest * seconds }) },
  HEARTBEAT_SECONDS: { least: 1, most: 30, changes: (heartbeat) => ({ heartbeat: heartbeat * seconds }) },
  PATIENCE_SECONDS: { least: 1, most: 300, changes: (patience) => ({ patience: patience * seconds }) },
  PAUSE_MILLISECONDS: { least: 0, most: 60_000, changes: (pause) => ({ pause }) },
  READERS: { least: 1, most: 500, changes: (readers) => ({ readers }) },
} as const satisfies Record<string, Named>;

type Named = { least: number; most: number; changes(given: number): Changes };
type Changes = Omit<Partial<StreamBounds>, 'ofOne'> & { ofOne?: Partial<StreamBounds['ofOne']> };
export type StreamBoundName = keyof typeof streamBoundNames;

/** The defaults, but for those that are given. */
export function streamBoundsWith(given: Partial<Record<StreamBoundName, number>>): StreamBounds {
  const bounds = { ...streamBounds, ofOne: { ...streamBounds.ofOne } };
  for (const [name, value] of Object.entries(given)) {
    const { ofOne, ...others }: Changes = streamBoundNames[name as StreamBoundName].changes(value);
    Object.assign(bounds, others);
    Object.assign(bounds.ofOne, ofOne);
  }
  return bounds;
}
