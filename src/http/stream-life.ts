import { Refusal, unauthenticated } from '../errors.ts';
import type { Graphql } from '../graphql/create-graphql.ts';
import type { GraphContext } from '../graphql/graph-context.ts';
import type { Credentials } from '../identity/access/authenticate.ts';
import type { Principal } from '../identity/access/principal.ts';
import type { OpenStream } from '../streams/open-streams.ts';
import type { StreamBounds } from '../streams/stream-bounds.ts';
import type { EventStream, ServerEvent } from './event-stream.ts';

/** What ends a stream besides its client: its age, its credential, and the server. */
export type StreamLife = OpenStream & {
  /** Begins with the stream; what was to end it before ends it now. */
  begin(stream: EventStream): void;
};

type Asked = { credentials: Credentials; context: Pick<GraphContext, 'principal' | 'requestId'>; bounds: StreamBounds };

/** Timers count no further, in milliseconds. */
const mostOfTimer = 2 ** 31 - 1;

export function createStreamLife(graphql: Graphql, { credentials, context, bounds }: Asked): StreamLife {
  const { principal, requestId } = context;
  let stream: EventStream | undefined;
  let ended: ServerEvent[] | undefined;

  /** Without a last word, the client opens it again. */
  function end(last: ServerEvent[] = []): void {
    ended ??= last;
    stream?.end(ended);
  }

  function refuse({ message, code, details }: Refusal): void {
    const errors = [{ message, extensions: { code, ...details, requestId } }];
    end([{ event: 'next', data: { errors } }, { event: 'complete' }]);
  }

  async function recheck(): Promise<void> {
    try {
      const now = await graphql.whoAsks(credentials);
      if (rightsOf(now.principal) !== rightsOf(principal)) end();
    } catch (failure) {
      // Where the database is away, nobody knows: the next time says.
      if (failure instanceof Refusal && failure.code !== 'SERVICE_UNAVAILABLE') refuse(failure);
    }
  }

  return {
    end,
    recheck: () => void recheck(),
    begin(opened) {
      stream = opened;
      if (ended) return end();
      const beating = setInterval(() => {
        opened.beat();
        recheck();
      }, bounds.heartbeat);
      const timers = [setTimeout(end, bounds.longest * (1 - Math.random() / 10))];
      if (principal?.expiresAt) {
        const left = Math.min(principal.expiresAt.getTime() - Date.now(), mostOfTimer);
        timers.push(setTimeout(() => refuse(expired), left));
      }
      opened.over.addEventListener('abort', () => {
        clearInterval(beating);
        for (const timer of timers) clearTimeout(timer);
      });
    },
  };
}

const expired = unauthenticated('The credential of this stream has expired. Open it again with a new one.');

/** All that a principal may do, to be compared. */
function rightsOf(principal: Principal | null): string {
  if (!principal) return '';
  const { kind, id, teamId, projectId, environment, customerId, role, scopes } = principal;
  return JSON.stringify([kind, id, teamId, projectId, environment, customerId, role, [...scopes].sort()]);
}
