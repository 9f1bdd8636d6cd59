import { type Answer, BillingError } from './billing-error.ts';
import { readEvents } from './read-events.ts';

export type Followed<Result> = {
  /** Told of each event. @param id of the event: the version of the state. */
  next(result: Result, id: string | undefined): void;
  /** The server refused for good, or `next` threw. Nothing follows. What passes by itself is not told: it is tried again. */
  failed(error: Error): void;
};

export type FollowOptions = {
  /** Milliseconds to wait before the first of several tries; each waits up to twice as long as the one before, half a minute at the most. */
  retryAfter?: number;
  /** Milliseconds without a sign of life after which a connection is taken for lost. The server gives one each 15 seconds. */
  quiet?: number;
};

type Connect = (lastEventId: string | undefined, signal: AbortSignal) => Promise<Response>;

const longestPause = 30_000;

/** What may be otherwise at the next try. */
const passing = ['RATE_LIMITED', 'SERVICE_UNAVAILABLE', 'INTERNAL_SERVER_ERROR'];

/**
 * Follows a subscription through whatever ends its connection: it is opened again with the id of the last event, so that nothing is missed.
 * @param connect opens it; with a credential of now, where that is renewed.
 * @param renews whether a credential that was refused may be another one at the next try.
 * @returns what ends it.
 */
export function followStream<Result>(
  connect: Connect,
  { next, failed }: Followed<Result>,
  { retryAfter = 500, quiet = 45_000, renews }: FollowOptions & { renews: boolean },
): () => void {
  const stopping = new AbortController();
  let lastEventId: string | undefined;
  /** Tries since the last event. */
  let tries = 0;
  let unauthenticated = 0;

  /** @returns whether the server said that it is over. */
  async function once(): Promise<boolean> {
    const connection = new AbortController();
    const stop = () => connection.abort();
    stopping.signal.addEventListener('abort', stop);
    let watchdog = setTimeout(stop, quiet);
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(stop, quiet);
    };
    try {
      const response = await connect(lastEventId, connection.signal);
      if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body)
        throw refusalOf((await response.json().catch(() => ({}))) as Answer<Result>, response.status);
      for await (const { event, id, data } of readEvents(response.body, alive)) {
        if (stopping.signal.aborted || event === 'complete') return true;
        if (event !== 'next') continue;
        const answer = JSON.parse(data) as Answer<Result>;
        if (!answer.data) throw refusalOf(answer, response.status);
        [lastEventId, tries, unauthenticated] = [id ?? lastEventId, 0, 0];
        try {
          next(answer.data, id);
        } catch (failure) {
          throw new Fault(failure as Error);
        }
      }
      return false;
    } finally {
      clearTimeout(watchdog);
      stopping.signal.removeEventListener('abort', stop);
      connection.abort();
    }
  }

  function isForGood(failure: unknown): boolean {
    if (!(failure instanceof BillingError)) return failure instanceof Fault;
    if (failure.code === 'UNAUTHENTICATED') return !renews || ++unauthenticated > 1;
    return !passing.includes(failure.code);
  }

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      let pause = Math.min(longestPause, retryAfter * 2 ** tries++);
      try {
        if (await once()) return;
      } catch (failure) {
        if (stopping.signal.aborted) return;
        if (isForGood(failure)) return failed(failure instanceof Fault ? failure.reason : (failure as Error));
        if (failure instanceof BillingError)
          pause = Math.max(pause, Number(failure.extensions.retryAfter ?? 0) * 1_000);
      }
      // Clients that lost their server together shall not come back together.
      await wait(pause * (0.5 + Math.random() / 2), stopping.signal);
    }
  }

  follow();
  return () => stopping.abort();
}

/** What the caller's own code threw. */
class Fault extends Error {
  readonly reason: Error;
  constructor(reason: Error) {
    super(reason.message);
    this.reason = reason;
  }
}

function refusalOf({ errors }: Answer<unknown>, status: number): BillingError {
  const [error] = errors ?? [];
  if (error) return new BillingError(error.message, error.extensions);
  // A proxy whose server is away answers for it, in its own words.
  const code = status >= 500 ? 'SERVICE_UNAVAILABLE' : 'INTERNAL_SERVER_ERROR';
  return new BillingError(`The server answered ${status}, and no stream of a graph.`, { code });
}

/** Ends early with the signal, and leaves nothing on it: a stream may be opened again for months. */
function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}
