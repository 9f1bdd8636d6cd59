import { rateLimited, unavailable } from '../errors.ts';
import type { Principal } from '../identity/access/principal.ts';
import type { StreamBounds } from './stream-bounds.ts';
import { type Turns, takeTurns } from './take-turns.ts';

/** A stream as the process sees it. */
export type OpenStream = {
  /** Ends it, so that the client opens it again: elsewhere, or as what it may be now. */
  end(): void;
  /** Asks whether its credential still holds, and ends it where it does not. */
  recheck(): void;
};

export type OpenStreams = {
  bounds: StreamBounds;
  /** In which they read. */
  turns: Turns;
  /**
   * Takes a place for a stream.
   * @returns what gives it up again.
   * @throws Refusal RATE_LIMITED where who asks has as many as he may; SERVICE_UNAVAILABLE where the process has, or is stopping.
   */
  enter(principal: Principal | null, stream: OpenStream): () => void;
  /** How many there are. */
  count(): number;
  /** Of each: a key has changed. */
  recheck(): void;
  /** Ends them all, and takes no more. */
  close(): void;
};

/** What a client that has too many is told to wait, in seconds. */
const retryAfter = 10;

/** The streams of this process, within their bounds. */
export function createOpenStreams(bounds: StreamBounds): OpenStreams {
  const streams = new Set<OpenStream>();
  const held = new Map<string, number>();
  let stopping = false;

  return {
    bounds,
    turns: takeTurns(bounds.readers),
    enter(principal, stream) {
      if (stopping) throw unavailable('This server is stopping. Open the stream again.');
      if (streams.size >= bounds.inProcess)
        throw unavailable(`This server holds ${bounds.inProcess} streams, and no more. Try again in a moment.`);
      const who = principal ? `${principal.kind} ${principal.id}` : '';
      const others = held.get(who) ?? 0;
      const most = principal ? bounds.ofOne[principal.kind] : bounds.inProcess;
      if (others >= most)
        throw rateLimited(`You have ${others} streams open; ${most} are allowed. Close one of them first.`, retryAfter);
      streams.add(stream);
      held.set(who, others + 1);
      return () => {
        if (!streams.delete(stream)) return;
        const left = held.get(who)! - 1;
        if (left) held.set(who, left);
        else held.delete(who);
      };
    },
    count: () => streams.size,
    recheck() {
      for (const stream of streams) stream.recheck();
    },
    close() {
      stopping = true;
      for (const stream of streams) stream.end();
    },
  };
}
