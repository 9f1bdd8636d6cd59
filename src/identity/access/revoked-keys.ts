import type { EntityManager } from '@mikro-orm/core';
import { ApiKey } from './api-key.entity.ts';

export type RevokedKeys = {
  /** Whether a key was revoked while a token that it minted may still live. */
  has(keyId: string): Promise<boolean>;
  /** Asks anew: a key has changed. */
  forget(): void;
};

/** As keys are known (api-keys.loader.ts), in milliseconds. */
const knownFor = 5_000;
/** The longest life of a token is 24 hours, and a process that is late mints some seconds longer. In milliseconds. */
const remembered = 25 * 3_600_000;

/** The keys that were revoked lately: few, and read together, so that no token costs a statement of its own. */
export function createRevokedKeys(em: EntityManager): RevokedKeys {
  let known: Promise<ReadonlySet<string>> | undefined;
  let readAt = 0;

  async function read(): Promise<ReadonlySet<string>> {
    const since = new Date(Date.now() - remembered);
    const rows = await em.fork().find(ApiKey, { revokedAt: { $gt: since } }, { fields: ['id'] });
    return new Set(rows.map(({ id }) => id));
  }

  function current(): Promise<ReadonlySet<string>> {
    if (known && Date.now() - readAt < knownFor) return known;
    readAt = Date.now();
    const reading = read();
    known = reading;
    reading.catch(() => {
      if (known === reading) known = undefined;
    });
    return reading;
  }

  return {
    has: async (keyId) => (await current()).has(keyId),
    forget() {
      known = undefined;
    },
  };
}
