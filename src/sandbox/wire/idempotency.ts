import { createHash } from 'node:crypto';
import type pg from 'pg';
import { ApiError, invalidRequest } from './api-error.ts';

/** The answer to a request, ready to be sent, and sent again. */
export interface Answer {
  status: number;
  body: string;
  replayed?: boolean;
}

/** What makes two requests with one key the same request. */
export function fingerprint(method: string, url: string, input: object): string {
  return createHash('sha256')
    .update(JSON.stringify([method, url, input]))
    .digest('hex');
}

/** Refuses with 409 while another transaction holds the key. */
export async function holdKey(db: pg.PoolClient, account: string, key: string): Promise<void> {
  const { rows } = await db.query<{ held: boolean }>(
    `select pg_try_advisory_xact_lock(hashtextextended('sandbox key ' || $1 || ' ' || $2, 0)) as held`,
    [account, key],
  );
  if (rows[0]?.held) return;
  const message = `There is currently another in-progress request using this Idempotency-Key: '${key}'. Try again in a moment.`;
  throw new ApiError(409, { type: 'idempotency_error', code: 'idempotency_key_in_use', message });
}

/** What the request with `key` was answered, if there was one (a key lives a day). Refuses when that was another request. */
export async function earlierAnswer(
  db: pg.PoolClient,
  account: string,
  key: string,
  print: string,
): Promise<Answer | undefined> {
  const { rows } = await db.query<{ fingerprint: string; status: number; body: string }>(
    `select fingerprint, status, body from sandbox.idempotency
     where account = $1 and key = $2 and created > now() - interval '1 day'`,
    [account, key],
  );
  if (!rows[0]) return undefined;
  if (rows[0].fingerprint === print) return { status: rows[0].status, body: rows[0].body, replayed: true };
  const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`;
  throw new ApiError(400, { type: 'idempotency_error', message });
}

export async function keepAnswer(db: pg.PoolClient, account: string, key: string, print: string, answer: Answer) {
  await db.query(
    `insert into sandbox.idempotency (account, key, fingerprint, status, body) values ($1, $2, $3, $4, $5)
     on conflict (account, key) do update
     set fingerprint = excluded.fingerprint, status = excluded.status, body = excluded.body, created = now()`,
    [account, key, print, answer.status, answer.body],
  );
}

/** The key of a request, if it has one and it counts. */
export function idempotencyKeyOf(method: string, header: string | string[] | undefined): string | null {
  if (method !== 'POST' || !header) return null;
  const key = String(header);
  if (key.length > 255) throw invalidRequest('Idempotency-Key can be at most 255 characters long.');
  return key;
}
