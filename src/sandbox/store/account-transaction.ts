import type pg from 'pg';
import type Stripe from 'stripe';
import { apiVersion } from '../api-version.ts';
import { newThinEvent, type ThinEvent } from '../events/thin-event.ts';
import { newId } from '../ids.ts';
import type { AnyStored, ObjectName, Stored } from '../objects.ts';
import { invalidRequest, resourceMissing } from '../wire/api-error.ts';
import { asSeenInEvents } from '../wire/present.ts';
import { listStatement, type PageParameters, type Position, type Where } from './list-page.ts';
import { previousAttributes } from './previous-attributes.ts';
import { saveChanges } from './save-changes.ts';

/** Who asks: stamped on the events that come of it. */
export interface Caller {
  account: string;
  requestId: string | null;
  idempotencyKey: string | null;
}

interface Tracked {
  object: AnyStored;
  saved: AnyStored;
  changed: boolean;
  deleted: boolean;
}

/** The object that events of type T are about. */
type Subject<T extends Stripe.Event.Type> = Extract<Stripe.Event, { type: T }>['data']['object'] extends {
  object: infer N extends ObjectName;
}
  ? Stored<N>
  : never;

/**
 * One account's objects as one request sees them. An object is the same value however often it is loaded; what is added,
 * updated, removed and emitted is written together at the end.
 */
export class AccountTransaction {
  readonly caller: Caller;
  /** The time that everything in this transaction happens at. */
  now: number;
  /** The base of the addresses of hosted pages. */
  readonly publicUrl: string;
  readonly #db: Pick<pg.ClientBase, 'query'>;
  #tracked = new Map<string, Tracked>();
  #flushed = false;

  constructor(db: Pick<pg.ClientBase, 'query'>, caller: Caller, now: number, publicUrl: string) {
    this.#db = db;
    this.caller = caller;
    this.now = now;
    this.publicUrl = publicUrl;
  }

  get account(): string {
    return this.caller.account;
  }

  async find<N extends ObjectName>(name: N, id: string): Promise<Stored<N> | undefined> {
    const tracked = this.#tracked.get(`${name} ${id}`);
    if (tracked) return tracked.deleted ? undefined : (tracked.object as Stored<N>);
    const { rows } = await this.#db.query(
      'select data from sandbox.object where account = $1 and object = $2 and id = $3 and not deleted',
      [this.account, name, id],
    );
    return rows[0] && this.#track<N>(rows[0].data);
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

  async existed(name: ObjectName, id: string): Promise<boolean> {
    const { rowCount } = await this.#db.query(
      'select from sandbox.object where account = $1 and object = $2 and id = $3',
      [this.account, name, id],
    );
    return rowCount === 1;
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
    const after = starting_after ? await this.#position(name, starting_after, 'starting_after') : undefined;
    const before = ending_before ? await this.#position(name, ending_before, 'ending_before') : undefined;
    const bounds = { created, limit: limit + 1, after, before, condition };
    const found = await this.#select<N>(listStatement(this.account, name, where, bounds));
    const data = found.slice(0, limit);
    return { object: 'list' as const, data: before ? data.reverse() : data, has_more: found.length > limit, url };
  }

  add<T extends AnyStored>(object: T): T {
    this.#tracked.set(`${object.object} ${object.id}`, {
      object,
      saved: structuredClone(object),
      changed: true,
      deleted: false,
    });
    return object;
  }

  /** Writes `patch` into the object and answers what was there before, or `undefined` if that changed nothing. */
  update<T extends AnyStored>(object: T, patch: Partial<T>): Stripe.Event.Data.PreviousAttributes | undefined {
    const tracked = this.#tracked.get(`${object.object} ${object.id}`)!;
    for (const [field, value] of Object.entries(patch)) {
      if (value !== undefined) Object.assign(object, { [field]: value });
    }
    const previous = previousAttributes(tracked.saved, object);
    tracked.saved = structuredClone(object);
    tracked.changed = true;
    return previous;
  }

  remove(object: AnyStored): void {
    const tracked = this.#tracked.get(`${object.object} ${object.id}`)!;
    tracked.deleted = true;
    tracked.changed = true;
  }

  /** Records that something happened to `object`; the event keeps a copy of it as it is now. */
  emit<T extends Stripe.Event.Type>(
    type: T,
    object: Subject<T>,
    previous?: Stripe.Event.Data.PreviousAttributes,
  ): void {
    const data = { object: asSeenInEvents(object as AnyStored), ...(previous && { previous_attributes: previous }) };
    this.add({
      id: newId('evt_1'),
      object: 'event',
      api_version: apiVersion,
      created: this.now,
      data,
      livemode: false,
      pending_webhooks: 0,
      request: { id: this.caller.requestId, idempotency_key: this.caller.idempotencyKey },
      type,
    } as unknown as Stored<'event'>);
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
    const changed = [...this.#tracked.values()].filter(({ changed }) => changed);
    if (!changed.length) return;
    for (const tracked of changed) tracked.changed = false;
    await saveChanges(this.#db, this.account, changed);
  }

  /** Forgets and undoes everything that this transaction did. */
  async discard(): Promise<void> {
    this.#tracked.clear();
    if (this.#flushed) await this.#db.query('rollback to savepoint work');
  }

  async #select<N extends ObjectName>(statement: { text: string; values: unknown[] }): Promise<Stored<N>[]> {
    if ([...this.#tracked.values()].some(({ changed }) => changed)) {
      if (!this.#flushed) await this.#db.query('savepoint work');
      this.#flushed = true;
      await this.flush();
    }
    const { rows } = await this.#db.query<{ id: string; data: Stored<N> }>(statement);
    return rows.map(({ data }) => this.#track<N>(data));
  }

  #track<N extends ObjectName>(data: Stored<N>): Stored<N> {
    const key = `${data.object} ${data.id}`;
    const tracked = this.#tracked.get(key);
    if (tracked) return tracked.object as Stored<N>;
    const object = data as AnyStored;
    this.#tracked.set(key, { object, saved: structuredClone(object), changed: false, deleted: false });
    return data;
  }

  async #position(name: ObjectName, id: string, param: string): Promise<Position> {
    const { rows } = await this.#db.query<Position>(
      'select created, seq from sandbox.object where account = $1 and object = $2 and id = $3',
      [this.account, name, id],
    );
    if (!rows[0]) throw resourceMissing(name, id, param, 400);
    return rows[0];
  }
}
