import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { answerWithFaults } from '../faults/answer-with-faults.ts';
import type { Store } from '../store/store.ts';
import { answerRequest, newRequestId } from './answer-request.ts';
import { ApiError, errorEnvelope, invalidRequest } from './api-error.ts';
import { parseForm, parseJson } from './form-body.ts';
import type { Route } from './operation.ts';

/** Stripe's wire: forms in, JSON out, an error object for everything that goes wrong. */
export function createHttpServer(store: Store, routes: readonly Route[], logger?: FastifyBaseLogger): FastifyInstance {
  const server = Fastify({
    ...(logger ? { loggerInstance: logger } : { logger: false }),
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    genReqId: newRequestId,
    // The query stays text until the handler reads it: a router whose parser throws would take the process down.
    routerOptions: { maxParamLength: 5_000, querystringParser: (query) => ({ query }) },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    parseInto(String(body), done);
  });
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (!body.length) done(null, {});
    else if (request.url.startsWith('/v2/')) parseInto(String(body), done, parseJson);
    else done(noForm(request));
  });
  server.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
    if (!body.length) return done(null, {});
    done(noForm(request));
  });
  server.addHook('onSend', async (request, reply) => {
    reply.header('request-id', request.id);
  });
  server.setErrorHandler(answerError);
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0];
    const message = `Unrecognized request URL (${request.method}: ${path}). The sandbox has no such address: see the list of routes in its documentation.`;
    return answerError(new ApiError(404, { type: 'invalid_request_error', message }), request, reply);
  });
  for (const [method, url, operation] of routes) {
    const answer = url.startsWith('/_sandbox') ? answerRequest : answerWithFaults;
    server.route({ method, url, handler: (request, reply) => answer(store, operation, request, reply) });
  }
  return server;
}

function noForm(request: FastifyRequest) {
  const sent = request.headers['content-type'];
  return invalidRequest(`The API takes forms (application/x-www-form-urlencoded), not ${sent}.`);
}

function parseInto(body: string, done: (error: Error | null, form?: unknown) => void, parse = parseForm) {
  try {
    done(null, parse(body));
  } catch (error) {
    done(error as Error);
  }
}

function answerError(error: FastifyError | ApiError, request: FastifyRequest, reply: FastifyReply) {
  const refusal = error instanceof ApiError ? error : refusalOf(error, request);
  return reply
    .code(refusal.status)
    .type('application/json')
    .send(JSON.stringify(errorEnvelope(refusal)));
}

function refusalOf(error: FastifyError, request: FastifyRequest): ApiError {
  const status = error.statusCode ?? 500;
  if (status < 500) return new ApiError(status, { type: 'invalid_request_error', message: error.message });
  request.log.error({ err: error, requestId: request.id }, 'the sandbox failed');
  const message = `The sandbox failed on this request (${request.id}); its log says why.`;
  return new ApiError(500, { type: 'api_error', message });
}
