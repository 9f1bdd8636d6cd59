import type pg from 'pg';
import type Stripe from 'stripe';
import { newThinEvent, type ThinEvent } from '../events/thin-event.ts';
import type { AnyStored, ObjectName, Stored } from '../objects.ts';
import { refuseWhileAdvancing } from '../time/advancing-clock.ts';
import { type TimerAction, TimerChanges } from '../time/timers.ts';
import { invalidRequest, resourceMissing } from '../wire/api-error.ts';
import { listStatement, type PageParameters, positionOf, type Where } from './list-page.ts';
import { newEvent, type Subject } from './new-event.ts';
import { saveChanges } from './save-changes.ts';
import type { Settings } from './settings.ts';
import { TrackedObjects } from './tracked-objects.ts';

/** Who asks: stamped on the events that come of it. */
export interface Caller {
  account: string;
  requestId: string | null;
  idempotencyKey: string | null;
}

/**
 * One account's objects as one request sees them. An object is the same value however often it is loaded; what is added,
 * updated, removed and emitted is written together at the end.
 */
export class AccountTransaction {
  readonly caller: Caller;
  /** The time that everything in this transaction happens at: the real one, until an object of a test clock is loaded. */
  now: number;
  /** The test clock that the time is of. */
  clock: string | null = null;
  readonly settings: Settings;
  /** Whether something may now be due sooner than it was. */
  wakesTimers = false;
  #followsClocks = true;
  readonly #timers = new TimerChanges();
  readonly #db: Pick<pg.ClientBase, 'query'>;
  readonly #objects = new TrackedObjects();
  #flushed = false;

  constructor(db: Pick<pg.ClientBase, 'query'>, caller: Caller, now: number, settings: Settings) {
    this.#db = db;
    this.caller = caller;
    this.now = now;
    this.settings = settings;
  }

  get account(): string {
    return this.caller.account;
  }

  /** The base of the addresses of hosted pages. */
  get publicUrl(): string {
    return this.settings.publicUrl;
  }

  /** Stays at a time, whatever is loaded from here on. */
  stayAt(now: number, clock = this.clock): void {
    this.now = now;
    this.clock = clock;
    this.#followsClocks = false;
  }

  /** From here on everything happens at the time of a test clock. */
  follow(clock: Stored<'test_helpers.test_clock'>): void {
    refuseWhileAdvancing(clock);
    this.now = clock.frozen_time;
    this.clock = clock.id;
  }

  /** Has `action` done to the object at a time, instead of when it was due before; never where `at` is `null`. */
  schedule(action: TimerAction, id: string, at: number | null): void {
    this.wakesTimers = true;
    this.#timers.set({ action, id, at, clock: this.clock });
  }

  async find<N extends ObjectName>(name: N, id: string): Promise<Stored<N> | undefined> {
    const object = await this.#load<N>(name, id);
    if (object && this.#followsClocks) await this.#followClockOf(object);
    return object;
  }

  /** The object whose id is in the request's address. */
  async get<N extends ObjectName>(name: N, id: string, param = 'id'): Promise<Stored<N>> {
    const object = await this.find(name, id);
    if (!object) throw resourceMissing(name, id, param, 404);
    return object;
  }

  /** The object whose id the parameter `param` carries. */
  async refer<N extends ObjectName>(name: N, id: string, param: string): Promise<Stored<N>> {
    const object = await this.find(name, id);
    if (!object) throw resourceMissing(name, id, param, 400);
    return object;
  }

  /** Whether there is such an object, or was one. */
  async existed(name: ObjectName, id: string): Promise<boolean> {
    return Boolean(await positionOf(this.#db, this.account, name, id));
  }

  /** Every object of a kind that fits, newest first. */
  async all<N extends ObjectName>(name: N, where: Where): Promise<Stored<N>[]> {
    return this.#select<N>(listStatement(this.account, name, where, {}));
  }

  /** One page of a list, as Stripe answers it. `condition` is SQL of ours, never a request's. */
  async list<N extends ObjectName>(name: N, url: string, page: PageParameters, where: Where = {}, condition?: string) {
    const { limit = 10, starting_after, ending_before, created } = page;
    if (starting_after && ending_before) {
      throw invalidRequest('You can only specify one of these parameters: starting_after, ending_before.');
    }
    const position = (id?: string) => (id ? positionOf(this.#db, this.account, name, id) : undefined);
    const [after, before] = [await position(starting_after), await position(ending_before)];
    if (starting_after && !after) throw resourceMissing(name, starting_after, 'starting_after', 400);
    if (ending_before && !before) throw resourceMissing(name, ending_before, 'ending_before', 400);
    const bounds = { created, limit: limit + 1, after, before, condition };
    const found = await this.#select<N>(listStatement(this.account, name, where, bounds));
    const data = found.slice(0, limit);
    return { object: 'list' as const, data: before ? data.reverse() : data, has_more: found.length > limit, url };
  }

  add<T extends AnyStored>(object: T): T {
    return this.#objects.add(object);
  }

  /** Writes `patch` into the object and answers what was there before, or `undefined` if that changed nothing. */
  update<T extends AnyStored>(object: T, patch: Partial<T>): Stripe.Event.Data.PreviousAttributes | undefined {
    return this.#objects.update(object, patch);
  }

  remove(object: AnyStored): void {
    this.#objects.remove(object);
  }

  /** Records that something happened to `object`; the event keeps a copy of it as it is now. */
  emit<T extends Stripe.Event.Type>(
    type: T,
    object: Subject<T>,
    previous?: Stripe.Event.Data.PreviousAttributes,
  ): void {
    this.add(newEvent(type, object, previous, this));
  }

  /** Records a thin event of Stripe's v2 API: `related` is what it is about, `data` what only fetching the event answers. */
  emitThin(type: string, related: ThinEvent['related_object'], data?: object): void {
    this.add(newThinEvent(type, related, data, this));
  }

  /** Runs a statement on the sandbox's tables other than its objects. */
  async rows<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    return (await this.#db.query<Row>(text, values)).rows;
  }

  /** Writes what is new. */
  async flush(): Promise<void> {
    await this.#timers.save(this.#db, this.account);
    const changes = this.#objects.takeChanges();
    if (changes.length) await saveChanges(this.#db, this.account, changes);
  }

  /** Forgets and undoes everything that this transaction did. */
  async discard(): Promise<void> {
    this.#objects.clear();
    this.#timers.clear();
    if (this.#flushed) await this.#db.query('rollback to savepoint work');
  }

  async #load<N extends ObjectName>(name: N, id: string): Promise<Stored<N> | undefined> {
    const tracked = this.#objects.get(name, id);
    if (tracked) return tracked.deleted ? undefined : (tracked.object as Stored<N>);
    const { rows } = await this.#db.query<{ data: Stored<N> }>(
      'select data from sandbox.object where account = $1 and object = $2 and id = $3 and not deleted',
      [this.account, name, id],
    );
    return rows[0] && this.#objects.track<N>(rows[0].data);
  }

  async #select<N extends ObjectName>(statement: { text: string; values: unknown[] }): Promise<Stored<N>[]> {
    if (this.#objects.hasChanges()) {
      if (!this.#flushed) await this.#db.query('savepoint work');
      this.#flushed = true;
      await this.flush();
    }
    const { rows } = await this.#db.query<{ id: string; data: Stored<N> }>(statement);
    return rows.map(({ data }) => this.#objects.track<N>(data));
  }

  /** An object is under the clock it names, or under its customer's. */
  async #followClockOf(object: object): Promise<void> {
    const { test_clock, customer } = object as { test_clock?: unknown; customer?: unknown };
    if (typeof test_clock === 'string') {
      const clock = await this.find('test_helpers.test_clock', test_clock);
      if (clock) this.follow(clock);
    } else if (test_clock === undefined && typeof customer === 'string') await this.find('customer', customer);
  }
}
