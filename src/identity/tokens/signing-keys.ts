import type { EntityManager } from '@mikro-orm/core';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import type { Sealer } from '../../sealing/sealing.ts';
import { algorithm, newSigningKey, oldestFirst, signingNow } from './rotate-signing-keys.ts';
import { SigningKey } from './signing-key.entity.ts';

export type SigningKeys = {
  current(): Promise<{ kid: string; privateKey: CryptoKey }>;
  /** The public key of a token's `kid`; undefined where there is none. */
  publicKey(kid: string): Promise<CryptoKey | undefined>;
  /** What `/.well-known/jwks.json` answers. */
  jwks(): Promise<{ keys: JWK[] }>;
};

/** How long a process goes by what it read: another one may have made a key, or taken one away. */
const knownFor = 60_000;
/** How often a process may look for a `kid` that it does not know: unknown ones come from anybody. */
const reloadAtMostEach = 5_000;

/** The installation's key pairs, from the database; the first one is made when it is first needed. */
export function createSigningKeys(tools: { em: EntityManager; sealer: Sealer }): SigningKeys {
  let loaded: Promise<Map<string, OpenKey>> | undefined;
  let loadedAt = 0;

  const load = () => {
    loadedAt = Date.now();
    const before = loaded;
    // While the database is away, what was read before is good enough.
    loaded = loadOrCreate(tools).catch((failure) => before ?? Promise.reject(failure));
    loaded.catch(() => (loaded = undefined));
    return loaded;
  };
  const keys = () => (loaded && Date.now() - loadedAt < knownFor ? loaded : load());

  return {
    async current() {
      const { kid, privateKey } = signingNow([...(await keys()).values()]);
      return { kid, privateKey };
    },
    async publicKey(kid) {
      const known = (await keys()).get(kid);
      if (known || Date.now() - loadedAt < reloadAtMostEach) return known?.publicKey;
      return (await load()).get(kid)?.publicKey;
    },
    async jwks() {
      return { keys: [...(await keys()).values()].map((key) => key.publicJwk) };
    },
  };
}

type OpenKey = { createdAt: Date; kid: string; publicJwk: JWK; publicKey: CryptoKey; privateKey: CryptoKey };

async function loadOrCreate({ em, sealer }: { em: EntityManager; sealer: Sealer }): Promise<Map<string, OpenKey>> {
  const rows = await em.fork().transactional(async (em) => {
    const existing = await em.findAll(SigningKey, { orderBy: oldestFirst });
    for (const row of existing) row.sealedPrivateJwk = sealer.reseal(row.sealedPrivateJwk, row.id);
    return existing.length ? existing : [em.create(SigningKey, await newSigningKey({ sealer }))];
  });
  const open = rows.map(async (row): Promise<OpenKey> => {
    const privateJwk = JSON.parse(sealer.open(row.sealedPrivateJwk, row.id));
    const [publicKey, privateKey] = await Promise.all([
      importJWK(row.publicJwk, algorithm),
      importJWK(privateJwk, algorithm),
    ]);
    return {
      createdAt: row.createdAt,
      kid: row.id,
      publicJwk: row.publicJwk,
      publicKey: publicKey as CryptoKey,
      privateKey: privateKey as CryptoKey,
    };
  });
  return new Map((await Promise.all(open)).map((key) => [key.kid, key]));
}
