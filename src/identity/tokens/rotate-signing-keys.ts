import type { EntityManager } from '@mikro-orm/core';
import { exportJWK, generateKeyPair } from 'jose';
import { newId } from '../../ids.ts';
import type { Sealer } from '../../sealing/sealing.ts';
import { SigningKey } from './signing-key.entity.ts';

export const algorithm = 'EdDSA';
export const oldestFirst = { createdAt: 'asc', id: 'asc' } as const;

const minute = 60_000;
const hour = 60 * minute;
/** A new key is published before it signs: whoever keeps our public keys (jwks.route.ts: five minutes) shall know it by then. */
const publishedFor = 10 * minute;
/** After another key has begun to sign: the longest life of a token (24 hours), and some. */
const checkedFor = 25 * hour;
const signsFor = 30 * 24 * hour;

/** The lane that rotates by the clock. */
export const signingKeysPrefix = 'signing-keys';
export const signingKeysLane = `${signingKeysPrefix}/rotation`;

/** Of all keys, the oldest first, the one that signs. */
export function signingNow<Key extends { createdAt: Date }>(keys: Key[]): Key {
  const begun = Date.now() - publishedFor;
  return keys.findLast(({ createdAt }) => createdAt.getTime() <= begun) ?? keys[0]!;
}

/**
 * Makes the next key where the newest is 30 days old, or at once where `now` is said, and takes those away whose last tokens
 * have expired. The new key signs ten minutes later.
 * @returns how many were made and taken away.
 */
export async function rotateSigningKeys(
  tools: { em: EntityManager; sealer: Sealer },
  { atOnce }: { atOnce: boolean },
): Promise<{ made: number; removed: number }> {
  return tools.em.transactional(async (em) => {
    const keys = await em.findAll(SigningKey, { orderBy: oldestFirst });
    const age = (key?: SigningKey) => (key ? Date.now() - key.createdAt.getTime() : Number.POSITIVE_INFINITY);
    const spent = keys.filter((_, at) => keys[at + 1] && age(keys[at + 1]) > publishedFor + checkedFor);
    for (const key of spent) em.remove(key);
    const isDue = atOnce || age(keys.at(-1)) > signsFor;
    if (isDue) em.create(SigningKey, await newSigningKey(tools));
    return { made: isDue ? 1 : 0, removed: spent.length };
  });
}

export async function newSigningKey({ sealer }: { sealer: Sealer }) {
  const id = newId('sig');
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const published = { ...(await exportJWK(publicKey)), kid: id, alg: algorithm, use: 'sig' };
  return {
    id,
    publicJwk: published,
    sealedPrivateJwk: sealer.seal(JSON.stringify(await exportJWK(privateKey)), id),
  };
}
