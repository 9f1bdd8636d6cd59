import { once } from 'node:events';
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';

/** A stream of events to one client (text/event-stream). Nothing is kept for a client who does not read: he is dropped. */
export type EventStream = {
  /** Aborts when the stream is over, whoever ended it. */
  over: AbortSignal;
  /** Resolves when the client can take more, or is gone. */
  send(event: ServerEvent): Promise<void>;
  /** Says that the server lives, where the client does not have something else to read. */
  beat(): void;
  /** Ends it behind what was sent. */
  end(last?: ServerEvent[]): void;
};

/** As "GraphQL over SSE" names them: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md */
export type ServerEvent = { event: 'next'; id?: string; data: unknown } | { event: 'complete' };

const sign = ':\n\n';

/**
 * Takes the answer over from Fastify, and begins it with the headers that it has so far.
 * @param options.patience milliseconds for which a client may leave unread what was sent.
 * @param options.onSlow is called when a client is dropped for that.
 */
export function openEventStream(
  reply: FastifyReply,
  { patience, onSlow }: { patience: number; onSlow(): void },
): EventStream {
  const { raw } = reply;
  const over = new AbortController();
  reply.hijack();
  raw.on('close', () => over.abort());
  raw.on('error', () => over.abort());
  raw.writeHead(200, {
    ...(reply.getHeaders() as OutgoingHttpHeaders),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // The connection ends with the stream, also where the server stops.
    connection: 'close',
    // A proxy that collects what it hands on would keep events back.
    'x-accel-buffering': 'no',
  });
  // Some browsers hold an answer back until its first byte.
  raw.write(sign);

  async function drained(): Promise<void> {
    const tooLate = setTimeout(() => {
      onSlow();
      raw.destroy();
    }, patience);
    try {
      await once(raw, 'drain', { signal: over.signal });
    } catch {
      // It is over.
    } finally {
      clearTimeout(tooLate);
    }
  }

  return {
    over: over.signal,
    async send(event) {
      if (over.signal.aborted || raw.writableEnded) return;
      if (!raw.write(textOf(event))) await drained();
    },
    beat() {
      if (!over.signal.aborted && !raw.writableEnded && !raw.writableNeedDrain) raw.write(sign);
    },
    end(last = []) {
      if (over.signal.aborted || raw.writableEnded) return;
      // Who does not read would not read the end either.
      if (raw.writableNeedDrain) raw.destroy();
      else raw.end(last.map(textOf).join(''));
    },
  };
}

function textOf(event: ServerEvent): string {
  // A browser takes no event without data.
  if (event.event === 'complete') return 'event: complete\ndata:\n\n';
  const id = event.id === undefined ? '' : `id: ${event.id}\n`;
  return `${id}event: next\ndata: ${JSON.stringify(event.data)}\n\n`;
}
