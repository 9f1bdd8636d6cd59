import type { MikroORM } from '@mikro-orm/postgresql';
import type { BaseLogger } from 'pino';
import { groupCommit } from '../../database/group-commit.ts';
import { isDataFault } from '../../database/sql-state.ts';
import { badInput, Refusal, unavailable } from '../../errors.ts';
import type { OpenConnection, StripeConnections } from '../../stripe/stripe-connections.ts';
import { readEvent } from './read-event.ts';
import { storeEvents } from './store-events.ts';
import { verifySignature } from './verify-signature.ts';

export type WebhookReceiver = {
  /**
   * Takes one delivery of Stripe's. Resolves after the event is committed to the inbox; the worker does the rest.
   * @param delivery.rawBody the bytes as they came.
   * @throws Refusal BAD_USER_INPUT for a signature or a body that is wrong, or the other mode's; NOT_FOUND for an unknown
   * connection; SERVICE_UNAVAILABLE where the database is down, so that Stripe delivers again.
   */
  receive(delivery: Delivery): Promise<{ eventId: string; duplicate: boolean }>;
  /** Resolves when the deliveries that are under way now are answered. */
  answered(): Promise<void>;
  /** Takes no more, and resolves when what was taken is committed. */
  close(): Promise<void>;
};

export type Delivery = { connectionId: string; rawBody: Buffer; signature: string | undefined };

export function createWebhookReceiver({
  orm,
  connections,
  log,
}: {
  orm: MikroORM;
  connections: Pick<StripeConnections, 'byId'>;
  log: Pick<BaseLogger, 'warn' | 'error'>;
}): WebhookReceiver {
  const inbox = groupCommit((events: Parameters<typeof storeEvents>[1]) => storeEvents(orm.em.fork(), events), {
    items: 200,
    commits: 2,
  });
  const underWay = new Set<Promise<unknown>>();
  let closed = false;

  async function receive({ connectionId, rawBody, signature }: Delivery) {
    if (closed) throw unavailable('This server is stopping.');
    const connection = looksLikeAnId.test(connectionId) ? await connections.byId(connectionId) : null;
    if (!connection)
      throw new Refusal('NOT_FOUND', 'There is no such Stripe connection. Check the URL of the endpoint.');
    const event = readVerified(connection, rawBody, signature);
    const { duplicate } = await inbox.add(event);
    return { eventId: event.eventId, duplicate };
  }

  return {
    async receive(delivery) {
      const receiving = receive(delivery);
      underWay.add(receiving);
      try {
        return await receiving;
      } catch (failure) {
        const refusal = refusalOf(failure);
        const details = { connectionId: delivery.connectionId, err: failure };
        if (refusal.code === 'SERVICE_UNAVAILABLE') log.error(details, 'A webhook could not be stored');
        else log.warn(details, 'A webhook was refused');
        throw refusal;
      } finally {
        underWay.delete(receiving);
      }
    },
    async answered() {
      await Promise.allSettled(underWay);
    },
    async close() {
      closed = true;
      await inbox.idle();
    },
  };
}

/** Nothing else is worth a question to the database; some, such as U+0000, would break it. */
const looksLikeAnId = /^\w{1,64}$/;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function readVerified(connection: OpenConnection, rawBody: Buffer, signature: string | undefined) {
  let body: string;
  try {
    body = utf8.decode(rawBody);
  } catch {
    throw badInput('The body is not UTF-8.', 'body');
  }
  verifySignature(connection, body, signature);
  return readEvent(body, connection);
}

/** Whatever it was, Stripe must never take it for done. */
function refusalOf(failure: unknown): Refusal {
  if (failure instanceof Refusal) return failure;
  if (isDataFault(failure))
    return badInput('This event cannot be stored: its text or its nesting is not sound.', 'body');
  return unavailable('The event could not be stored. Send it again.');
}
