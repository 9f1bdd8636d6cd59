import { randomBytes } from 'node:crypto';
import { spawnAnother } from './another-server.ts';
import { createTenant, startBillgraph } from './billgraph.ts';
import { type Border, startBorders } from './borders.ts';

/**
 * A worker in a process of its own, which is killed on its way to Stripe.
 * @param of.table whose column `state` says how far a row is.
 * @param of.path of the requests that bring it there.
 */
export async function startMortalWorker<State extends string>(of: { table: string; path: RegExp }) {
  const encryptionKey = randomBytes(32).toString('hex');
  const billgraph = await startBillgraph({ encryptionKeys: [Buffer.from(encryptionKey, 'hex')], worker: false });
  const tenant = await createTenant(billgraph);
  const borders = await startBorders<State>(billgraph, { ...of, column: 'state' });
  const { stripeApiUrl } = borders;
  const spawn = () =>
    spawnAnother({ databaseUrl: billgraph.databaseUrl, stripeApiUrl, encryptionKey }, { WORKER: 'on' });
  let worker = await spawn();
  const kill = () => void worker.child.kill('SIGKILL');
  return {
    billgraph,
    tenant,
    /** Kills the worker at the border that `work` leads it to. */
    killAt: (border: Border<State>, work: () => Promise<unknown>) => borders.killAt(border, { work, kill }),
    /** Another one goes on. */
    async startAgain(): Promise<void> {
      worker = await spawn();
    },
    async close(): Promise<void> {
      kill();
      await borders.close();
      await billgraph.close();
    },
  };
}
