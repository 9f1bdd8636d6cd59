import { readEvents, type ServerEvent } from '../../src/client/read-events.ts';
import type { Answer } from './graph.ts';

/** What is pushed: its id, and an answer as it is on the wire. */
export type Pushed<Data = any> = {
  id: string | undefined;
  data: Data;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, any> }[] | undefined;
};

export type TestStream = {
  status: number;
  headers: Headers;
  /** Of an answer that is no stream. */
  errors: Pushed['errors'];
  /** The next push. Fails where the stream ends before, or nothing comes for ten seconds. */
  next<Data = any>(): Promise<Pushed<Data>>;
  /** All that came, `complete` included, once it has ended; or what came so far, where it does not end within ten seconds. */
  rest(): Promise<string[]>;
  close(): void;
};

const patience = 10_000;

/** Opens a stream as a client would: by POST, unless `headers` ask with a GET (`:get`). */
export async function openStream(
  { url }: { url: string },
  credential: string | null,
  query: string | { toString(): string },
  variables: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<TestStream> {
  const ending = new AbortController();
  const response = await fetch(`${url}/graphql/stream`, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      ...(credential ? { authorization: `Bearer ${credential}` } : {}),
      ...headers,
    },
    body: JSON.stringify({ query: query.toString(), variables }),
    signal: ending.signal,
  });
  return streamOf(response, ending);
}

/** The first that a stream has to say, as an answer to a question. */
export async function askOnce(...asked: Parameters<typeof openStream>): Promise<Answer> {
  const stream = await openStream(...asked);
  const { status, headers } = stream;
  try {
    if (stream.errors) return { status, headers, data: undefined, errors: stream.errors };
    const { data, errors } = await stream.next();
    return { status, headers, data, errors };
  } finally {
    stream.close();
  }
}

/** Reads an answer as it comes. */
export async function streamOf(response: Response, ending: AbortController): Promise<TestStream> {
  const { status, headers } = response;
  const isStream = headers.get('content-type')?.startsWith('text/event-stream');
  const { errors } = isStream ? { errors: undefined } : ((await response.json()) as Pick<Pushed, 'errors'>);
  const events = isStream ? readEvents(response.body!, () => {}) : null;
  const told: string[] = [];

  async function take(): Promise<ServerEvent | null> {
    if (!events) throw new Error(`No stream: ${JSON.stringify(errors)}`);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`Nothing came for ${patience} ms. Before: ${told.join(' ')}`)),
        patience,
      );
    });
    const taken = Promise.race([events.next().catch(() => ({ value: undefined, done: true as const })), late]);
    const { value } = await taken.finally(() => clearTimeout(timer));
    if (value) told.push(`${value.event}${value.data}`);
    return value ?? null;
  }

  return {
    status,
    headers,
    errors,
    async next() {
      const event = await take();
      if (event?.event !== 'next') throw new Error(`The stream has ended. Before: ${told.join(' ')}`);
      const { data, errors } = JSON.parse(event.data);
      return { id: event.id, data, errors };
    },
    async rest() {
      const begin = told.length;
      while (await take());
      return told.slice(begin);
    },
    close: () => ending.abort(),
  };
}
