import type { FastifyReply, FastifyRequest } from 'fastify';
import { defaultRequestVersion } from '../api-version.ts';
import { newId } from '../ids.ts';
import type { AccountTransaction, Caller } from '../store/account-transaction.ts';
import type { Store } from '../store/store.ts';
import { accountOfKey } from './account-of-key.ts';
import { ApiError, errorEnvelope, invalidRequest } from './api-error.ts';
import { type Form, parseForm } from './form-body.ts';
import { type Answer, earlierAnswer, fingerprint, idempotencyKeyOf, keepAnswer } from './idempotency.ts';
import { inModeOf } from './live-mode.ts';
import type { Operation } from './operation.ts';
import { present } from './present.ts';

/** Answers one API request by its operation. */
export async function answerRequest(store: Store, operation: Operation, request: FastifyRequest, reply: FastifyReply) {
  const { status, body } = await workOut(store, operation, request, reply);
  return reply.code(status).type('application/json').send(body);
}

/** Does what a request asks for and answers what to send; the headers are on the reply already. */
export async function workOut(
  store: Store,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Answer> {
  const account = accountOfKey(request.headers.authorization, store.settings);
  refuseOtherAccount(account, request.headers['stripe-account']);
  const version = versionOf(request.headers['stripe-version']);
  reply.header('stripe-version', version);

  const idempotencyKey = idempotencyKeyOf(request.method, request.headers['idempotency-key']);
  if (idempotencyKey) reply.header('idempotency-key', idempotencyKey);
  const caller: Caller = { account, requestId: request.id, idempotencyKey };
  const ids = Object.values(request.params as Record<string, string>);
  if (ids.some((id) => id.includes('\0'))) throw invalidRequest('An id cannot contain a null character', 'id');

  const { query } = request.query as { query: string };
  const form: { [name: string]: Form } = {
    ...parseForm(query),
    ...(request.body as { [name: string]: Form } | undefined),
  };
  const { expand, ...input } = operation.parameters.read(form, { name: '', version });
  const run = async (tx: AccountTransaction): Promise<Answer> => {
    const result = await operation.run(tx, input as never, ...ids);
    return { status: 200, body: inModeOf(account, JSON.stringify(await present(tx, result, expand))) };
  };

  const print = fingerprint(request.method, request.url, form);
  const answer = await (request.method === 'GET' ? run(store.read(caller)) : write(store, caller, print, run));
  if (answer.replayed) reply.header('idempotent-replayed', 'true');
  return answer;
}

/** A refusal of a request that was itself in order is an answer to keep; a malformed one may be mended and tried again. */
function write(store: Store, caller: Caller, print: string, run: (tx: AccountTransaction) => Promise<Answer>) {
  const { account, idempotencyKey: key } = caller;
  return store.write(caller, async (tx, db) => {
    const earlier = key && (await earlierAnswer(db, account, key, print));
    if (earlier) return earlier;
    const answer = await run(tx).catch(async (error: unknown): Promise<Answer> => {
      if (!(error instanceof ApiError) || error.body.type === 'invalid_request_error') throw error;
      if (!error.keepsChanges) await tx.discard();
      return { status: error.status, body: inModeOf(account, JSON.stringify(await present(tx, errorEnvelope(error)))) };
    });
    if (key) await keepAnswer(db, account, key, print, answer);
    return answer;
  });
}

function versionOf(header: string | string[] | undefined): string {
  if (!header) return defaultRequestVersion;
  const version = String(header);
  if (/^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/.test(version)) return version;
  throw invalidRequest(`Invalid Stripe API version: ${version}`);
}

function refuseOtherAccount(account: string, header: string | string[] | undefined) {
  if (!header || header === account) return;
  const message = `The provided key does not have access to account '${header}' (or that account does not exist). The sandbox has no connected accounts.`;
  throw new ApiError(403, { type: 'invalid_request_error', code: 'account_invalid', message });
}

/** Stripe's form of a request id. */
export const newRequestId = () => newId('req_', 14);
