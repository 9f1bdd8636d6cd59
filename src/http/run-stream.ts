import { setTimeout as sleep } from 'node:timers/promises';
import type { Subscribed } from '../graphql/subscribe.ts';
import type { Turns } from '../streams/take-turns.ts';
import type { EventStream } from './event-stream.ts';

/**
 * Pushes what a subscription tells of until the client goes, the stream is ended, or nothing can be read any more. The next event is asked for when
 * the client has taken the one before: one read is under way at a time, and what happens meanwhile is one event.
 * @param options.pause milliseconds between two pushes.
 */
export async function runStream(
  { stream, turns }: { stream: EventStream; turns: Turns },
  { events, answer }: Subscribed,
  { pause }: { pause: number },
): Promise<void> {
  const { over } = stream;
  const leave = () => void events.return?.();
  over.addEventListener('abort', leave);
  try {
    while (!over.aborted) {
      const { value: event, done } = await events.next();
      if (done || over.aborted) return;
      const data = await turns(async () => (over.aborted ? null : answer(event)));
      if (!data || over.aborted) return;
      const next = { event: 'next', id: event.id, data } as const;
      if (!data.data) return stream.end([{ event: 'next', data }, { event: 'complete' }]);
      await stream.send(next);
      await sleep(pause, undefined, { signal: over }).catch(() => {});
    }
  } finally {
    over.removeEventListener('abort', leave);
    leave();
    stream.end();
  }
}
