import type { FastifyBaseLogger } from 'fastify';
import type pg from 'pg';
import { Rest } from '../time/rest.ts';
import {
  claimDeliveries,
  type Delivery,
  endDelivery,
  nextDueIn,
  releaseClaims,
  releaseDelivery,
  retryDelivery,
} from './deliveries.ts';
import { payloadOf } from './payload-of.ts';
import { postPayload } from './post-payload.ts';

interface Options {
  /** Milliseconds before the second attempt, the third, and so on; after the last, a delivery has failed. */
  retrySchedule: number[];
  /** How long an endpoint may take to answer, in milliseconds. */
  timeout: number;
  log: Pick<FastifyBaseLogger, 'debug' | 'error'>;
}

const atOnce = 64;
const atOncePerEndpoint = 16;

/** Sends the events that wait in PostgreSQL to their endpoints, in parallel, and again until they are taken or given up. */
export class WebhookSender {
  readonly #pool: pg.Pool;
  readonly #options: Options;
  readonly #stopping = new AbortController();
  readonly #inFlight = new Map<string, { endpoint: string; done: Promise<void> }>();
  readonly #rest = new Rest();
  #running: Promise<void> | undefined;

  constructor(pool: pg.Pool, options: Options) {
    this.#pool = pool;
    this.#options = options;
  }

  async start(): Promise<void> {
    await releaseClaims(this.#pool);
    this.#running = this.#run();
  }

  /** Something may be due: look now. */
  wake(): void {
    this.#rest.wake();
  }

  /** Resolves once everything that is due was attempted. */
  idle(): Promise<void> {
    return this.#rest.untilIdle();
  }

  /** Cuts short what is being sent; the next start sends it again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    await this.#running;
    await Promise.all([...this.#inFlight.values()].map(({ done }) => done));
    this.#rest.tellIdle();
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#rest.beginPass();
      try {
        const busy = this.#busyEndpoints();
        const free = Math.min(atOncePerEndpoint, atOnce - this.#inFlight.size);
        const claimed = free > 0 ? await claimDeliveries(this.#pool, free, busy, this.#options.timeout * 3) : [];
        for (const delivery of claimed) this.#send(delivery);
        if (claimed.length || this.#rest.isWoken) continue;
        if (!this.#inFlight.size) this.#rest.tellIdle();
        await this.#rest.nap(free > 0 ? await nextDueIn(this.#pool, busy) : undefined);
      } catch (error) {
        this.#options.log.error({ err: error }, 'webhooks wait for the database');
        await this.#rest.nap(1_000);
      }
    }
  }

  #busyEndpoints(): string[] {
    const perEndpoint = Map.groupBy(this.#inFlight.values(), ({ endpoint }) => endpoint);
    return [...perEndpoint].filter(([, sent]) => sent.length >= atOncePerEndpoint).map(([endpoint]) => endpoint);
  }

  #send(delivery: Delivery): void {
    const done = this.#attempt(delivery)
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'a webhook could not be recorded'))
      .finally(() => {
        this.#inFlight.delete(delivery.id);
        this.wake();
      });
    this.#inFlight.set(delivery.id, { endpoint: delivery.endpointId, done });
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const { endpoint, event, attempts } = delivery;
    if (!endpoint) return endDelivery(this.#pool, delivery, 'failed', 'the endpoint is gone or disabled');
    const payload = await payloadOf(this.#pool, delivery, endpoint);
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(this.#options.timeout)]);
    const { ok, answer } = await postPayload(payload, signal);
    this.#options.log.debug({ event: event.id, type: event.type, endpoint: endpoint.id, attempts, answer }, 'webhook');
    if (ok) return endDelivery(this.#pool, delivery, 'delivered', answer);
    if (this.#stopping.signal.aborted) return releaseDelivery(this.#pool, delivery);
    const wait = this.#options.retrySchedule[attempts - 1];
    if (wait === undefined) return endDelivery(this.#pool, delivery, 'failed', answer);
    return retryDelivery(this.#pool, delivery, wait, answer);
  }
}
