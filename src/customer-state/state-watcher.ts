/** That the state has a version which was not told yet. Its text is the `id` of what is pushed. */
export type StateEvent = { id: string };

/** Where versions cannot be looked up, in milliseconds. */
const tryAgainAfter = 1_000;

/**
 * The versions of one state, as they come. However often it changes while nobody asks for the next one, that is one event: the newest; and nothing is
 * kept for who asks late.
 */
export class StateWatcher implements AsyncIterableIterator<StateEvent> {
  private readonly version: () => Promise<string | null>;
  private readonly leave: () => void;
  private known: string | null | undefined;
  private stale = true;
  private done = false;
  private wake: (() => void) | undefined;

  /**
   * @param options.since the version that is known already.
   * @param options.version looks up the current one; null where there is no such state.
   * @param options.leave is called when nobody watches any more.
   */
  constructor(options: { since: bigint | null; version(): Promise<string | null>; leave(): void }) {
    this.version = options.version;
    this.leave = options.leave;
    this.known = options.since?.toString();
  }

  /** Look again: something may have changed. */
  look(): void {
    this.stale = true;
    this.wake?.();
  }

  async next(): Promise<IteratorResult<StateEvent>> {
    while (!this.done) {
      if (!this.stale) {
        await this.woken();
        continue;
      }
      this.stale = false;
      try {
        const version = await this.version();
        if (this.done || version === this.known) continue;
        this.known = version;
        // Without a state, the reading of this event says so.
        return { value: { id: version ?? '0' }, done: false };
      } catch {
        this.stale = true;
        await this.woken(tryAgainAfter);
      }
    }
    return { value: undefined, done: true };
  }

  async return(): Promise<IteratorResult<StateEvent>> {
    this.done = true;
    this.leave();
    this.wake?.();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** @param atLatest milliseconds. */
  private async woken(atLatest?: number): Promise<void> {
    if (this.done) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      if (atLatest !== undefined) timer = setTimeout(resolve, atLatest);
    });
    clearTimeout(timer);
    this.wake = undefined;
  }
}
