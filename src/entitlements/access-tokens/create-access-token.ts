import type { EntityManager } from '@mikro-orm/core';
import { customerVersion } from '../../customer-state/customer-version.ts';
import { nextChange, ofCustomer } from '../../customer-state/next-change.ts';
import { runStatement } from '../../database/run-statement.ts';
import { badInput, notFound } from '../../errors.ts';
import type { ProjectPrincipal } from '../../identity/access/principal.ts';
import { type FeatureClaim, signAccessToken } from '../../identity/tokens/access-token.ts';
import type { SigningKeys } from '../../identity/tokens/signing-keys.ts';

const defaultTtl = 5 * 60;
const longestTtl = 60 * 60;

export type NewAccessToken = { customerId?: string | null; ttl?: number | null };

/**
 * Signs what a customer may use now. It ends before that changes by time alone, where that is known.
 * @param input.ttl seconds, 5 minutes by default, at most an hour.
 * @throws Refusal BAD_USER_INPUT for a ttl out of range, or where nobody is named; NOT_FOUND.
 */
export async function createAccessToken(
  { em, ...tools }: { em: EntityManager; signingKeys: SigningKeys; issuer: string },
  { projectId, environment, customerId: own }: ProjectPrincipal,
  input: NewAccessToken,
): Promise<{ token: string; expiresAt: Date; version: bigint }> {
  const ttl = input.ttl ?? defaultTtl;
  if (ttl < 1 || ttl > longestTtl) throw badInput(`A token lives from 1 to ${longestTtl} seconds.`, 'ttl');
  const customerId = input.customerId ?? own;
  if (customerId === null) throw badInput('Say whose access it is: `pc_…`.', 'customerId');
  if (own !== null && customerId !== own) throw notFound('customer', 'customerId');

  const text = customerId.includes('\0') ? '' : customerId;
  const [access] = await runStatement<Access>(em, statement, [text, projectId, environment]);
  if (!access) throw notFound('customer', 'customerId');
  const now = Math.floor(Date.now() / 1000);
  const end = Math.max(now + 1, Math.min(now + ttl, Math.floor(access.changesAt ?? Number.POSITIVE_INFINITY)));
  const features = Object.fromEntries(access.entitlements.map((one) => [one.key, claimOf(one)]));
  const claims = { customerId, projectId, environment, features, version: Number(access.version) };
  const life = { issuedAt: new Date(now * 1000), expiresAt: new Date(end * 1000) };
  return {
    token: await signAccessToken(tools, claims, life),
    expiresAt: life.expiresAt,
    version: BigInt(access.version),
  };
}

type Access = { version: string; changesAt: number | null; entitlements: Entitled[] };

/** A row of the view `entitlement`, with its feature's key and type. Decimals are text; instants, whole seconds. */
type Entitled = {
  key: string;
  type: 'BOOLEAN' | 'LIMIT' | 'ENUMERATED';
  limit: string | null;
  option: string | null;
  used: string | null;
  remaining: string | null;
  resetsAt: number | null;
};

const statement = `
  select ${customerVersion(ofCustomer('c'))}::text as version, extract(epoch from ${nextChange(ofCustomer('c'))})::float8 as "changesAt",
    (select coalesce(json_agg(json_build_object('key', f.key, 'type', f.type, 'limit', e.limit_value::text, 'option', e.option,
         'used', e.used::text, 'remaining', e.remaining::text, 'resetsAt', floor(extract(epoch from e.resets_at))) order by f.key), '[]')
     from entitlement e join feature f on f.id = e.feature_id where e.customer_id = c.id and e.has) as entitlements
  from customer c
  where c.id = $1 and (c.project_id, c.environment) = ($2, $3) and c.stripe_customer_id is not null and c.deleted_at is null`;

function claimOf({ type, limit, option, used, remaining, resetsAt }: Entitled): FeatureClaim {
  if (type === 'BOOLEAN') return true;
  if (type === 'ENUMERATED') return option!;
  return used == null ? { limit } : { limit, used, remaining, ...(resetsAt != null && { resetsAt }) };
}
