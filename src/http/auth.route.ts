import { Refusal } from '../errors.ts';
import type { AddressLimits } from '../limits/address-limits.ts';
import type { Auth } from '../operators/create-auth.ts';
import { askAuth, copyCookies } from './ask-auth.ts';
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

type Tools = { auth: Auth; addresses: AddressLimits };

/** Mounts the sign-in of operators under /auth. Bodies and errors are better-auth's: JSON, `{ code, message }`. */
export function mountAuth(http: HttpServer, tools: Promise<Tools>, { publicUrl }: { publicUrl: string }): void {
  const { origin } = new URL(publicUrl);
  http.route({
    method: ['GET', 'POST'],
    url: '/auth/*',
    bodyLimit,
    onRequest: async ({ ip }) => (await tools).addresses.admit(ip),
    handler: async (request, reply) => {
      const { pathname } = new URL(request.url, origin);
      if (!open.has(`${request.method} ${pathname}`))
        throw new Refusal('NOT_FOUND', 'There is nothing at this address.');
      const { auth } = await tools;
      const answer = await askAuth(auth, request, origin);
      reply.code(answer.status);
      for (const [name, value] of answer.headers) if (name !== 'set-cookie') reply.header(name, value);
      copyCookies(answer, reply);
      return answer.text();
    },
  });
}
