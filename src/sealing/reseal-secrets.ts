import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';
import type { Sealer } from './sealing.ts';

/** Every column that holds sealed text, one or a list of them. Each is bound to its row by `id`. */
const sealedColumns = [
  { table: 'stripe_connection', column: 'sealed_secret_key' },
  { table: 'stripe_connection', column: 'sealed_webhook_secrets' },
  { table: 'stripe_connection', column: 'sealed_thin_secret' },
  { table: 'signing_key', column: 'sealed_private_jwk' },
  { table: 'outgoing_endpoint', column: 'sealed_secret' },
  { table: 'outgoing_endpoint', column: 'sealed_previous_secret' },
  { table: 'operation', column: 'sealed_call' },
  { table: 'operation', column: 'sealed_steps' },
  { table: 'operation', column: 'sealed_answer' },
] as const;

/** Rows are taken in groups, so that no transaction is long. */
const groupSize = 200;

export type Resealed = { table: string; column: string; resealed: number };

/**
 * Seals everything again that an older key-encryption key sealed, row by row, while the server runs. Afterwards nothing needs
 * the older keys.
 * @throws where a text was sealed by a key that is not configured: nothing of its group is changed.
 */
export async function resealSecrets({ em, sealer }: { em: EntityManager; sealer: Sealer }): Promise<Resealed[]> {
  const done: Resealed[] = [];
  for (const { table, column } of sealedColumns) {
    let resealed = 0;
    for (let after: string | undefined = ''; after !== undefined; ) {
      const group = await em.transactional((em) => resealGroup({ em, sealer }, { table, column, after: after! }));
      resealed += group.resealed;
      after = group.last;
    }
    done.push({ table, column, resealed });
  }
  return done;
}

type Row = { id: string; sealed: string | string[] | null };

async function resealGroup(
  { em, sealer }: { em: EntityManager; sealer: Sealer },
  { table, column, after }: { table: string; column: string; after: string },
): Promise<{ resealed: number; last: string | undefined }> {
  const rows = await runStatement<Row>(
    em,
    `select id, ${column} as sealed from ${table} where id > $1 order by id limit ${groupSize} for update`,
    [after],
  );
  let resealed = 0;
  for (const { id, sealed } of rows) {
    if (sealed === null) continue;
    const fresh = Array.isArray(sealed) ? sealed.map((one) => sealer.reseal(one, id)) : sealer.reseal(sealed, id);
    if (String(fresh) === String(sealed)) continue;
    await runStatement(em, `update ${table} set ${column} = $2 where id = $1`, [id, fresh]);
    resealed += 1;
  }
  return { resealed, last: rows.at(-1)?.id };
}
