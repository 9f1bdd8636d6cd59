import { type Contender, cpuOf, cpuOfFamily, startContender } from '../contender.ts';
import { untilApplied } from './applied.ts';
import { encryptionKey, newDatabase, postmasterOf, prepare, secret, statement } from './database.ts';
import { makeDeliveries } from './events.ts';
import { sendByConnections } from './load.ts';
import { startStripe } from './stripe.ts';

/** What all measurements share. */
export type Setting = {
  url: string;
  stripe: { asked: number };
  start(worker: 'on' | 'off'): Promise<Contender>;
  startPeer(): Promise<Contender>;
  hookOf(contender: Contender): string;
  /** Until the code in use is compiled. */
  warmUp(contender: Contender): Promise<void>;
  /** Starts counting processor time. @returns ends it: microseconds for each of so many events. */
  count(server: Contender | null, worker?: Contender | null): (events: number) => Cpu;
};

export type Cpu = { server: number | null; worker: number | null; postgres: number };

/** Runs `use` between two databases, one for the product and one for the peer, and a stand-in of Stripe. */
export async function withSetting(use: (setting: Setting) => Promise<void>): Promise<void> {
  const postgres = await startContender('ingestion/postgres', '');
  const stripe = await startStripe();
  try {
    const url = await newDatabase(postgres.url, 'bench');
    const connectionId = await prepare(url);
    // The peer's migrations name it.
    await statement(postgres.url, 'create role postgres superuser');
    const peerUrl = await newDatabase(postgres.url, 'peer');
    const postmaster = await postmasterOf(url);
    const variables = {
      ENCRYPTION_KEY: encryptionKey.toString('base64'),
      WEBHOOK_SECRET: secret,
      STRIPE_API_URL: stripe.url,
    };
    const hookOf = (contender: Contender) => `${contender.url}/webhooks/stripe/${connectionId}`;
    let warmed = 0;
    await use({
      url,
      stripe,
      start: (worker) => startContender('ingestion/billgraph', url, { ...variables, WORKER: worker }),
      startPeer: () => startContender('ingestion/supabase', peerUrl, variables),
      hookOf,
      async warmUp(contender) {
        const name = `warm${warmed++}`;
        await sendByConnections(hookOf(contender), makeDeliveries({ name, many: 1_000, each: 4 }), 16);
        if (contender.name === 'ingestion/billgraph') await untilApplied(url, `sub_${name}`);
      },
      count(server, worker) {
        const read = () => [server ? cpuOf(server.pid) : 0, worker ? cpuOf(worker.pid) : 0, cpuOfFamily(postmaster)];
        const before = read();
        return (events) => {
          const [ofServer, ofWorker, ofPostgres] = read().map((time, index) => (time - before[index]!) / events);
          return { server: server ? ofServer! : null, worker: worker ? ofWorker! : null, postgres: ofPostgres! };
        };
      },
    });
  } finally {
    stripe.close();
    await postgres.stop();
  }
}
