const longest = 30_000;

/** The pauses of a loop that does what is due: they end early when something comes up, and tell when there is nothing to do. */
export class Rest {
  #idleWaiters: (() => void)[] = [];
  #isWoken = false;
  #endNap = () => {};

  /** Whether somebody woke the loop since its pass began. */
  get isWoken(): boolean {
    return this.#isWoken;
  }

  /** Call it before each look at what is due: what comes up from now on ends the next pause. */
  beginPass(): void {
    this.#isWoken = false;
  }

  /** Something may be due: look now. */
  wake(): void {
    this.#isWoken = true;
    this.#endNap();
  }

  /** Resolves at the next `tellIdle`. */
  untilIdle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idleWaiters.push(resolve);
      this.wake();
    });
  }

  tellIdle(): void {
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }

  /** Sleeps for `dueIn` milliseconds, at most half a minute, or until woken. */
  async nap(dueIn = longest): Promise<void> {
    if (this.#isWoken) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(longest, Math.max(1, dueIn)));
      this.#endNap = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endNap = () => {};
  }
}
