import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from './events.ts';

/** Milliseconds that an answer may take. */
const patience = 30_000;

export type Load = { perSecond: number; p50: number; p99: number };

/** As fast as it is answered, over so many connections. */
export async function sendByConnections(url: string, deliveries: Delivery[], connections: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const took: number[] = [];
  let next = 0;
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < deliveries.length) {
        const from = performance.now();
        await send(agent, url, deliveries[next++]!);
        took.push(performance.now() - from);
      }
    }),
  );
  agent.destroy();
  return measure(took, performance.now() - begin);
}

/**
 * At a steady rate, whatever is answered: the time of each counts from when it was due.
 * @returns also how late they were sent (99 of 100, in milliseconds), which is the sender's fault and is in their times.
 */
export async function sendAtRate(
  url: string,
  deliveries: Delivery[],
  perSecond: number,
): Promise<Load & { late99: number }> {
  const agent = new Agent({ keepAlive: true });
  const took: number[] = [];
  const late: number[] = [];
  const under: Promise<void>[] = [];
  const begin = performance.now();
  const dueAt = (n: number) => begin + (n / perSecond) * 1_000;
  for (let n = 0; n < deliveries.length; ) {
    if (dueAt(n) > performance.now()) {
      await sleep(1);
      continue;
    }
    const due = dueAt(n);
    late.push(performance.now() - due);
    under.push(send(agent, url, deliveries[n++]!).then(() => void took.push(performance.now() - due)));
  }
  await Promise.all(under);
  agent.destroy();
  return { ...measure(took, performance.now() - begin), late99: measure(late, 1).p99 };
}

function send(agent: Agent, url: string, { body, signature }: Delivery): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'stripe-signature': signature,
    };
    const sending = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}.`));
      else response.once('end', resolve);
    });
    sending.once('error', reject);
    sending.setTimeout(patience, () => sending.destroy(new Error(`${url} gave no answer in ${patience} ms.`)));
    sending.end(body);
  });
}

function measure(took: number[], milliseconds: number): Load {
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { perSecond: (took.length * 1_000) / milliseconds, p50: at(0.5), p99: at(0.99) };
}
