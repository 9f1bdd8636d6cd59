import { createBillingClient } from '../../src/client/create-billing-client.ts';
import { CustomerStateChangedDocument } from '../../src/client/operations.generated.ts';
import type { SoakCustomer } from './soak-customers.ts';

export type Followers = {
  /** How many have seen a state. */
  open(): number;
  pushes(): number;
  /** A name was given, and is told from now on. */
  changed(customer: SoakCustomer, name: string, how: 'commit' | 'webhook'): void;
  /** Milliseconds from each change to each client that was pushed it; what was pushed before its change was known took none. */
  took: { commit: number[]; webhook: number[] };
  /** Whose clients have seen another name last than these. */
  behind(names: ReadonlyMap<string, string | null>): string[];
  /** Whom the server refused for good, and versions that did not grow. */
  lost(): string[];
  stop(): void;
};

/** As many clients as are wanted, at all servers in turn, each of the next customer. */
export function followMany(servers: { url: string }[], customers: SoakCustomer[], count: number): Followers {
  const last = new Map<number, string | null>();
  const given = new Map<string, { at: number; how: 'commit' | 'webhook' }>();
  /** Seen before whoever made the change was answered. */
  const early = new Map<string, number>();
  const took: Followers['took'] = { commit: [], webhook: [] };
  const faults: string[] = [];
  let pushes = 0;

  function saw(client: number, name: string | null): void {
    pushes++;
    const isNew = name !== null && last.has(client) && last.get(client) !== name;
    last.set(client, name);
    if (!isNew) return;
    const change = given.get(name);
    if (change) took[change.how].push(Date.now() - change.at);
    else early.set(name, (early.get(name) ?? 0) + 1);
  }

  const customerOf = (client: number) => customers[Math.floor(client / servers.length) % customers.length]!;
  const stops = Array.from({ length: count }, (_, client) => {
    const customer = customerOf(client);
    const { url } = servers[client % servers.length]!;
    let version = -1n;
    return createBillingClient({ url: `${url}/graphql`, token: customer.token }).onCustomerState(
      CustomerStateChangedDocument,
      { customerId: customer.id },
      {
        next({ customerStateChanged: { customer } }, id) {
          if (BigInt(id!) <= version) faults.push(`version ${id} after ${version}`);
          version = BigInt(id!);
          saw(client, customer.name);
        },
        failed: (failure) => faults.push(failure.message),
      },
    );
  });

  return {
    open: () => last.size,
    pushes: () => pushes,
    took,
    changed(_customer, name, how) {
      given.set(name, { at: Date.now(), how });
      for (let n = early.get(name) ?? 0; n > 0; n--) took[how].push(0);
      early.delete(name);
    },
    behind: (names) =>
      stops.flatMap((_, client) => {
        const { id } = customerOf(client);
        return last.get(client) === names.get(id) ? [] : [id];
      }),
    lost: () => faults,
    stop() {
      for (const stop of stops) stop();
    },
  };
}
