import type { FastifyBaseLogger } from 'fastify';
import type { Store } from '../store/store.ts';
import { breakClock, dueNow, nextDueIn, putOffTimer, runTimer, stepClock } from './run-due.ts';

/** Does what is due: in real time when its time comes, under a test clock as fast as it can while the clock advances. */
export class TimerRunner {
  readonly #store: Store;
  readonly #log: Pick<FastifyBaseLogger, 'error'>;
  #idleWaiters: (() => void)[] = [];
  #isWoken = false;
  #isStopping = false;
  #endNap = () => {};
  #running: Promise<void> | undefined;

  constructor(store: Store, log: Pick<FastifyBaseLogger, 'error'>) {
    this.#store = store;
    this.#log = log;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Something may be due: look now. */
  wake(): void {
    this.#isWoken = true;
    this.#endNap();
  }

  /** Resolves once every clock is ready and nothing is due. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idleWaiters.push(resolve);
      this.wake();
    });
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.wake();
    await this.#running;
    this.#resolveIdle();
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      this.#isWoken = false;
      try {
        if (await this.#runDue()) continue;
        this.#resolveIdle();
        await this.#nap(await nextDueIn(this.#store.pool));
      } catch (error) {
        this.#log.error({ err: error }, 'timers wait for the database');
        await this.#nap(1_000);
      }
    }
  }

  async #runDue(): Promise<boolean> {
    const { clocks, accounts } = await dueNow(this.#store.pool);
    for (const { account, id } of clocks) {
      if (this.#isStopping) return true;
      await stepClock(this.#store, account, id).catch(async (error: unknown) => {
        this.#log.error({ err: error, clock: id }, 'a test clock failed');
        await breakClock(this.#store, account, id);
      });
    }
    for (const account of accounts) {
      if (this.#isStopping) return true;
      await runTimer(this.#store, account).catch(async (error: unknown) => {
        this.#log.error({ err: error, account }, 'a timer failed');
        await putOffTimer(this.#store.pool, account);
      });
    }
    return clocks.length + accounts.length > 0;
  }

  /** Sleeps until something is due, at most half a minute, or until woken. */
  async #nap(dueIn = 30_000): Promise<void> {
    if (this.#isWoken) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(30_000, Math.max(1, dueIn)));
      this.#endNap = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endNap = () => {};
  }

  #resolveIdle(): void {
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }
}
