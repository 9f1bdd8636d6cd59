import cors from '@fastify/cors';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { isDatabaseTrouble } from '../database/sql-state.ts';
import { httpStatusOf, Refusal, unavailable } from '../errors.ts';
import { rateLimitHeaderNames } from '../limits/rate-limit-headers.ts';

/** Larger than any sensible document, small enough to refuse a flood before it is parsed. */
const bodyLimit = 256 * 1024;

export type HttpServer = FastifyInstance;

export type HttpOptions = {
  log: FastifyBaseLogger;
  corsOrigins: string[];
  /** Origins whose pages may send an operator's cookie as well. */
  trustedOrigins: string[];
  /** Networks of the proxies that may say who asks (X-Forwarded-For). None by default. */
  trustProxy?: string[];
};

/** What a browser may read of an answer of another origin. */
const exposedHeaders = ['etag', 'x-request-id', 'retry-after', ...rateLimitHeaderNames];

const refuseSchemas = () => () => {
  throw new Error('Routes have no schemas: what is asked is checked where it is read.');
};

/** Fastify without any route: request ids, raw bodies, and errors that are always JSON with a code. */
export function createHttpServer({ log, corsOrigins, trustedOrigins, trustProxy }: HttpOptions): HttpServer {
  const http: HttpServer = Fastify({
    loggerInstance: log,
    bodyLimit,
    trustProxy: trustProxy?.length ? trustProxy : false,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    requestIdHeader: false,
    genReqId: () => `req_${crypto.randomUUID().replaceAll('-', '')}`,
    // No route has a schema, and what compiles them would be loaded at each start.
    schemaController: { compilersFactory: { buildValidator: refuseSchemas, buildSerializer: refuseSchemas } },
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
  });
  // Signatures are over bytes, and what arrives as JSON is parsed where its faults can be explained.
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const allowed = [...corsOrigins, ...trustedOrigins];
  if (allowed.length)
    http.register(cors, {
      delegator: ({ headers: { origin = '' } }, done) =>
        done(null, {
          origin: allowed,
          methods: ['GET', 'POST'],
          exposedHeaders,
          maxAge: 600,
          credentials: trustedOrigins.includes(origin),
        }),
    });
  http.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  http.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions, ip } = request;
    const milliseconds = Math.round(reply.elapsedTime * 10) / 10;
    request.log.info({ method, route: routeOptions.url, status: reply.statusCode, ip, milliseconds }, 'request');
    done();
  });
  http.setNotFoundHandler(() => {
    throw new Refusal('NOT_FOUND', 'There is nothing at this address. The graph is at POST /graphql.');
  });
  http.setErrorHandler((error, request, reply) => {
    const refusal = error instanceof Refusal ? error : refusalOfHttp(error, request.routeOptions.bodyLimit);
    if (!refusal) request.log.error({ err: error }, 'A route failed');
    const { code, message, details } =
      refusal ??
      new Refusal('INTERNAL_SERVER_ERROR', `Something went wrong on our side. Mention the request id ${request.id}.`);
    if (details.retryAfter) reply.header('retry-after', details.retryAfter);
    reply
      .code(httpStatusOf[code])
      .send({ errors: [{ message, extensions: { code, ...details, requestId: request.id } }] });
  });
  return http;
}

/** The database is down; or Fastify's own refusals (a body that is too large or cut short), thrown with a status of 4xx. */
function refusalOfHttp(error: unknown, bodyLimit: number): Refusal | null {
  if (isDatabaseTrouble(error)) return unavailable('The database cannot be reached. Try again in a moment.');
  const { statusCode, message } = error as { statusCode?: number; message: string };
  if (statusCode === 413)
    return new Refusal('PAYLOAD_TOO_LARGE', `The body is too large: ${bodyLimit} bytes are allowed.`);
  if (statusCode && statusCode >= 400 && statusCode < 500) return new Refusal('BAD_USER_INPUT', message);
  return null;
}
