import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Store } from '../store/store.ts';
import { accountOfKey } from '../wire/account-of-key.ts';
import { answerRequest, workOut } from '../wire/answer-request.ts';
import { ApiError } from '../wire/api-error.ts';
import type { Operation } from '../wire/operation.ts';
import { apiFaults, type FaultKind } from './fault.ts';
import { strike } from './strike.ts';

/** Answers a request of Stripe's API, as the account's faults will have it. */
export async function answerWithFaults(
  store: Store,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const struck = await faultsOf(store, request);
  const kinds = new Set<FaultKind>(struck.map(({ kind }) => kind));
  for (const { kind, milliseconds } of struck) if (kind === 'slow') await waitFor(milliseconds, request);
  if (kinds.has('connection_lost_before')) return loseConnection(request, reply);
  if (kinds.has('connection_lost_after')) {
    // Whatever the answer would have been, it is not heard.
    await workOut(store, operation, request, reply).catch(() => {});
    return loseConnection(request, reply);
  }
  const refusal = [...kinds].map((kind) => refusals[kind]).find((found) => found !== undefined);
  if (!refusal) return answerRequest(store, operation, request, reply);
  const { headers, isKept, error } = refusal();
  reply.headers(headers);
  if (!isKept) throw error;
  return answerRequest(store, failing(operation, error), request, reply);
}

async function faultsOf(store: Store, request: FastifyRequest) {
  const account = accountOfKey(request.headers.authorization, store.settings);
  const caller = { account, requestId: request.id, idempotencyKey: null };
  // Most accounts have no faults: those that do are written to, to count.
  if (!(await store.read(caller).all('sandbox.fault', { kind: apiFaults })).length) return [];
  const path = request.url.split('?', 1)[0]!;
  return store.write(caller, (tx) => strike(tx, apiFaults, `${request.method} ${path}`));
}

const refusals: Partial<
  Record<FaultKind, () => { headers: Record<string, string>; isKept?: boolean; error: ApiError }>
> = {
  rate_limit: () => ({
    headers: { 'stripe-rate-limited-reason': 'global-rate', 'stripe-should-retry': 'false' },
    error: new ApiError(429, {
      type: 'invalid_request_error',
      code: 'rate_limit',
      message: 'Request rate limit exceeded. Learn more about rate limits here: https://docs.stripe.com/rate-limits.',
    }),
  }),
  refusal: () => ({
    headers: {},
    error: new ApiError(400, {
      type: 'invalid_request_error',
      message: 'This request cannot be carried out (a fault of the sandbox).',
    }),
  }),
  lock_timeout: () => ({
    headers: { 'stripe-should-retry': 'true' },
    error: new ApiError(429, {
      type: 'invalid_request_error',
      code: 'lock_timeout',
      message:
        'This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request. If you see this error frequently and are making multiple concurrent requests to a single object, make your requests serially or at a lower rate.',
    }),
  }),
  // Stripe keeps this answer with the idempotency key: the same key is answered the same again.
  server_error: () => ({
    headers: {},
    isKept: true,
    error: new ApiError(500, { type: 'api_error', message: 'An unknown error occurred (a fault of the sandbox).' }),
  }),
  unavailable: () => ({
    headers: {},
    error: new ApiError(503, { type: 'api_error', message: 'Stripe is unavailable (a fault of the sandbox).' }),
  }),
};

function failing(operation: Operation, error: ApiError): Operation {
  return { ...operation, run: () => Promise.reject(error) };
}

function loseConnection(request: FastifyRequest, reply: FastifyReply) {
  reply.hijack();
  request.raw.socket.destroy();
}

/** Waits, unless the asker leaves first. */
async function waitFor(milliseconds: number, request: FastifyRequest) {
  const gone = new AbortController();
  const leave = () => gone.abort();
  request.raw.socket.once('close', leave);
  await wait(milliseconds, undefined, { signal: gone.signal }).catch(() => {});
  request.raw.socket.off('close', leave);
}
