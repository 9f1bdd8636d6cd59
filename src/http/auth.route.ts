import type { FastifyRequest } from 'fastify';
import { Refusal } from '../errors.ts';
import { type Auth, addressHeader } from '../operators/create-auth.ts';
import type { HttpServer } from './create-http-server.ts';

/** What better-auth answers to browsers. All else that it can do is closed: people and roles are changed in the graph. */
const open = new Set([
  'POST /auth/sign-in/email',
  'POST /auth/sign-out',
  'GET /auth/get-session',
  'GET /auth/list-sessions',
  'POST /auth/revoke-session',
  'POST /auth/revoke-sessions',
  'POST /auth/revoke-other-sessions',
  'POST /auth/change-password',
  'GET /auth/organization/list',
  'POST /auth/organization/set-active',
]);

const bodyLimit = 16 * 1024;

/** Mounts the sign-in of operators under /auth. Bodies and errors are better-auth's: JSON, `{ code, message }`. */
export function mountAuth(http: HttpServer, auth: Auth, { publicUrl }: { publicUrl: string }): void {
  const { origin } = new URL(publicUrl);
  http.route({
    method: ['GET', 'POST'],
    url: '/auth/*',
    bodyLimit,
    handler: async (request, reply) => {
      const url = new URL(request.url, origin);
      if (!open.has(`${request.method} ${url.pathname}`))
        throw new Refusal('NOT_FOUND', 'There is nothing at this address.');
      const answer = await auth.handler(
        new Request(`${origin}${url.pathname}${url.search}`, {
          method: request.method,
          headers: headersOf(request),
          body: Buffer.isBuffer(request.body) && request.method === 'POST' ? new Uint8Array(request.body) : undefined,
        }),
      );
      reply.code(answer.status);
      for (const [name, value] of answer.headers) if (name !== 'set-cookie') reply.header(name, value);
      const cookies = answer.headers.getSetCookie();
      if (cookies.length) reply.header('set-cookie', cookies);
      return answer.text();
    },
  });
}

function headersOf({ headers, ip }: FastifyRequest): Headers {
  const forwarded = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'content-length' || name === addressHeader || value === undefined) continue;
    for (const one of [value].flat()) forwarded.append(name, one);
  }
  forwarded.set(addressHeader, ip);
  return forwarded;
}
