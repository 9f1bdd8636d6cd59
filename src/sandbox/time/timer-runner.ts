import type { FastifyBaseLogger } from 'fastify';
import type { Store } from '../store/store.ts';
import { Rest } from './rest.ts';
import { breakClock, dueNow, nextDueIn, putOffTimer, runTimer, stepClock } from './run-due.ts';

/** Does what is due: in real time when its time comes, under a test clock as fast as it can while the clock advances. */
export class TimerRunner {
  readonly #store: Store;
  readonly #log: Pick<FastifyBaseLogger, 'error'>;
  readonly #rest = new Rest();
  #isStopping = false;
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
    this.#rest.wake();
  }

  /** Resolves once every clock is ready and nothing is due. */
  idle(): Promise<void> {
    return this.#rest.untilIdle();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.wake();
    await this.#running;
    this.#rest.tellIdle();
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      this.#rest.beginPass();
      try {
        // Woken meanwhile: what this pass looked at may be from before that.
        if ((await this.#runDue()) || this.#rest.isWoken) continue;
        this.#rest.tellIdle();
        await this.#rest.nap(await nextDueIn(this.#store.pool));
      } catch (error) {
        this.#log.error({ err: error }, 'timers wait for the database');
        await this.#rest.nap(1_000);
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
}
