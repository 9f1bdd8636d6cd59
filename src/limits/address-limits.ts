import { isIPv6 } from 'node:net';
import { LRUCache } from 'lru-cache';
import { Refusal, rateLimited } from '../errors.ts';
import type { Counter } from './counter.ts';
import { type Limits, limitClasses } from './limit-classes.ts';

/** Limits of an IP address, before it is known who asks. Each process counts for itself: they protect the process. */
export type AddressLimits = {
  /** Counts a request. @throws Refusal RATE_LIMITED where there are too many. */
  admit(address: string): Promise<void>;
  /**
   * Runs `authenticate`, and counts where the credential does not hold.
   * @throws Refusal RATE_LIMITED, without a look-up, where too many did not; a credential that held lately goes on.
   */
  watch<Result>(address: string, credential: string | undefined, authenticate: () => Promise<Result>): Promise<Result>;
};

const mostRemembered = 5_000;
const rememberedFor = 3_600_000;

export function createAddressLimits({ counter, limits }: { counter: Counter; limits: Limits }): AddressLimits {
  /** Credentials that held. */
  const held = new LRUCache<string, true>({ max: mostRemembered, ttl: rememberedFor });
  /** Addresses with too many failures, and the instant until which. */
  const shut = new LRUCache<string, number>({ max: mostRemembered });

  async function countFailure(network: string) {
    const { consumed, msBeforeNext } = await counter.add(`FAILURES:${network}`, 1, limitClasses.FAILURES.seconds);
    if (consumed >= limits.FAILURES) shut.set(network, Date.now() + msBeforeNext);
  }

  return {
    async admit(address) {
      const { consumed, msBeforeNext } = await counter.add(
        `ADDRESSES:${networkOf(address)}`,
        1,
        limitClasses.ADDRESSES.seconds,
      );
      if (consumed > limits.ADDRESSES) throw refusal('Too many requests from this IP address', msBeforeNext);
    },
    async watch(address, credential, authenticate) {
      if (credential === undefined) return authenticate();
      const network = networkOf(address);
      const shutFor = (shut.get(network) ?? 0) - Date.now();
      if (shutFor > 0 && !held.has(credential))
        throw refusal('Too many credentials from this IP address did not hold', shutFor);
      try {
        const result = await authenticate();
        if (!held.has(credential)) held.set(credential, true);
        return result;
      } catch (failure) {
        if (!(failure instanceof Refusal) || failure.code !== 'UNAUTHENTICATED') throw failure;
        held.delete(credential);
        await countFailure(network);
        throw failure;
      }
    },
  };
}

function refusal(what: string, milliseconds: number) {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  return rateLimited(`${what}. Try again in ${seconds} seconds.`, seconds);
}

/** One household has 2^64 IPv6 addresses: they count as one. */
export function networkOf(address: string): string {
  // Most have no colon, and need no look at each of their digits.
  if (!address.includes(':') || !isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const groups = head.split(':').filter(Boolean);
  const behind = tail?.split(':').filter(Boolean) ?? [];
  const missing = tail === undefined ? 0 : 8 - groups.length - behind.length;
  const all = [...groups, ...Array(Math.max(0, missing)).fill('0'), ...behind];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
