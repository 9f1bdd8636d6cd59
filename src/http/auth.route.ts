import type { MikroORM } from '@mikro-orm/core';
import type { FastifyRequest } from 'fastify';
import type { Change } from '../audit/change.ts';
import { Refusal } from '../errors.ts';
import type { Auth } from '../identity/operators/create-auth.ts';
import { OperatorSession } from '../identity/operators/operator-session.entity.ts';
import type { OperatorSessions } from '../identity/operators/operator-sessions.ts';
import type { AddressLimits } from '../limits/address-limits.ts';
import type { SessionAct } from '../tenancy/members/record-session-act.ts';
import { askAuth, copyCookies } from './ask-auth.ts';
import type { HttpServer } from './create-http-server.ts';
import type { SessionLog } from './session-log.ts';

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

/** What is told of to the operator's teams when it has been done. */
const acts: Record<string, SessionAct> = {
  'POST /auth/sign-out': 'signOut',
  'POST /auth/revoke-session': 'revokeSession',
  'POST /auth/revoke-sessions': 'revokeSessions',
  'POST /auth/revoke-other-sessions': 'revokeOtherSessions',
  'POST /auth/change-password': 'changePassword',
};

type Tools = { orm: MikroORM; auth: Auth; sessions: OperatorSessions; addresses: AddressLimits };
type Options = { publicUrl: string; sessionLog: SessionLog };

/** Mounts the sign-in of operators under /auth. Bodies and errors are better-auth's: JSON, `{ code, message }`. */
export function mountAuth(http: HttpServer, tools: Promise<Tools>, { publicUrl, sessionLog }: Options): void {
  const { origin } = new URL(publicUrl);
  http.route({
    method: ['GET', 'POST'],
    url: '/auth/*',
    bodyLimit,
    onRequest: async ({ ip }) => (await tools).addresses.admit(ip),
    handler: async (request, reply) => {
      const { pathname } = new URL(request.url, origin);
      const what = `${request.method} ${pathname}`;
      if (!open.has(what)) throw new Refusal('NOT_FOUND', 'There is nothing at this address.');
      const { orm, auth, sessions } = await tools;
      // Looked up before: afterwards the session may be gone.
      const tell = acts[what] && (await tellOf({ orm, sessions, sessionLog }, request, acts[what]));
      const answer = await askAuth(auth, request, origin);
      if (what === 'POST /auth/sign-in/email') {
        if (answer.ok) await sessionLog.signedIn(request, answer);
        else if (answer.status === 401) sessionLog.failed(request, bodyOf(request).email);
      } else if (answer.ok) await tell?.();
      reply.code(answer.status);
      for (const [name, value] of answer.headers) if (name !== 'set-cookie') reply.header(name, value);
      copyCookies(answer, reply);
      return answer.text();
    },
  });
}

/** How his teams are told of it; null where nobody is signed in, or nothing of his is meant. */
async function tellOf(
  { orm, sessions, sessionLog }: Pick<Tools, 'orm' | 'sessions'> & Pick<Options, 'sessionLog'>,
  request: FastifyRequest,
  act: SessionAct,
) {
  const { cookie } = request.headers;
  const session = cookie && sessions.isIn(cookie) ? await sessions.find(cookie) : null;
  if (!session) return null;
  const { id, operator } = session;
  const tell = (change?: Partial<Change>) => () => sessionLog.told(request, operator.id, act, change);
  const ofSession = (subjectId: string) => tell({ subjectType: 'OperatorSession', subjectId });
  if (act === 'signOut') return ofSession(id);
  const { token, revokeOtherSessions } = bodyOf(request);
  if (act === 'changePassword') return tell({ after: { password: true, revokeOtherSessions } });
  if (act !== 'revokeSession') return tell();
  if (typeof token !== 'string' || token.includes('\0')) return null;
  const meant = await orm.em.fork().findOne(OperatorSession, { token, operator: operator.id });
  return meant && ofSession(meant.id);
}

/** What better-auth refuses reads as empty. */
function bodyOf({ body }: FastifyRequest): Record<string, unknown> {
  try {
    return Object(JSON.parse(String(body)));
  } catch {
    return {};
  }
}
