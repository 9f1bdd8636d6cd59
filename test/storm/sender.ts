import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';
import type { Random } from './random.ts';
import type { ServerProcess } from './server-process.ts';
import type { Event } from './stripe-in-motion.ts';

export type Sender = {
  /** Delivers it now, to any of the servers, again and again until one of them answers 200. */
  deliver(event: Event): Promise<void>;
  counts: { attempts: number; acknowledged: number; notTaken: number };
  /** Answers that a delivery of Stripe's must never get. */
  wrongAnswers: string[];
  /** When each server, by its URL, last answered 200. */
  lastAcknowledged: Map<string, number>;
  close(): void;
};

const atOnce = 48;

/** Delivers as Stripe does, signed, but without its hours between two tries. */
export function createSender(
  random: Random,
  servers: ServerProcess[],
  { connectionId, secret }: { connectionId: string; secret: string },
): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const counts = { attempts: 0, acknowledged: 0, notTaken: 0 };
  const wrongAnswers: string[] = [];
  const lastAcknowledged = new Map<string, number>();

  async function attempt({ url }: ServerProcess, payload: string): Promise<boolean> {
    counts.attempts += 1;
    const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret });
    const status = await post(`${url}/webhooks/stripe/${connectionId}`, payload, signature).catch(() => null);
    if (status === 200) lastAcknowledged.set(url, Date.now());
    else if (status !== null && status !== 503) wrongAnswers.push(`${status} for ${payload.slice(0, 80)}`);
    return status === 200;
  }

  function post(url: string, payload: string, signature: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(payload),
        'stripe-signature': signature,
      };
      const sending = request(url, { method: 'POST', agent, headers, timeout: 20_000 }, (response) => {
        response.resume();
        response.once('close', () => (response.complete ? resolve(response.statusCode!) : reject(new Error('cut'))));
      });
      sending.once('error', reject);
      sending.once('timeout', () => sending.destroy(new Error('no answer')));
      sending.end(payload);
    });
  }

  return {
    counts,
    wrongAnswers,
    lastAcknowledged,
    async deliver(event) {
      const payload = JSON.stringify(event);
      while (!(await attempt(random.pick(servers), payload))) {
        counts.notTaken += 1;
        await sleep(50 + random.below(400));
      }
      counts.acknowledged += 1;
    },
    close: () => agent.destroy(),
  };
}
