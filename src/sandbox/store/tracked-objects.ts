import type Stripe from 'stripe';
import type { AnyStored, ObjectName, Stored } from '../objects.ts';
import { previousAttributes } from './previous-attributes.ts';

interface Tracked {
  object: AnyStored;
  saved: AnyStored;
  changed: boolean;
  deleted: boolean;
}

/** The objects that a transaction has seen, each as one value, and what became of them. */
export class TrackedObjects {
  #tracked = new Map<string, Tracked>();

  get(name: ObjectName, id: string): Tracked | undefined {
    return this.#tracked.get(`${name} ${id}`);
  }

  add<T extends AnyStored>(object: T): T {
    return this.#set(object, true);
  }

  /** An object as it was read: the value that is known already, where there is one. */
  track<N extends ObjectName>(data: Stored<N>): Stored<N> {
    const object = data as AnyStored;
    const known = this.get(object.object, object.id)?.object ?? this.#set(object, false);
    return known as Stored<N>;
  }

  /** Writes `patch` into the object and answers what was there before, or `undefined` if that changed nothing. */
  update<T extends AnyStored>(object: T, patch: Partial<T>): Stripe.Event.Data.PreviousAttributes | undefined {
    const tracked = this.get(object.object, object.id)!;
    for (const [field, value] of Object.entries(patch)) {
      if (value !== undefined) Object.assign(object, { [field]: value });
    }
    const previous = previousAttributes(tracked.saved, object);
    tracked.saved = structuredClone(object);
    tracked.changed = true;
    return previous;
  }

  remove(object: AnyStored): void {
    const tracked = this.get(object.object, object.id)!;
    tracked.deleted = true;
    tracked.changed = true;
  }

  hasChanges(): boolean {
    return [...this.#tracked.values()].some(({ changed }) => changed);
  }

  /** What changed since the last time, to be written. */
  takeChanges(): Tracked[] {
    const changes = [...this.#tracked.values()].filter(({ changed }) => changed);
    for (const tracked of changes) tracked.changed = false;
    return changes;
  }

  clear(): void {
    this.#tracked.clear();
  }

  #set<T extends AnyStored>(object: T, changed: boolean): T {
    const saved = structuredClone(object);
    this.#tracked.set(`${object.object} ${object.id}`, { object, saved, changed, deleted: false });
    return object;
  }
}
