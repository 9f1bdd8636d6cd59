import type { MikroORM } from '@mikro-orm/core';
import type { FastifyRequest } from 'fastify';
import type { Change } from '../audit/change.ts';
import type { Origin } from '../audit/record-audit.ts';
import { Operator } from '../identity/operators/operator.entity.ts';
import { OperatorSession } from '../identity/operators/operator-session.entity.ts';
import { recordSessionAct, type SessionAct } from '../tenancy/members/record-session-act.ts';
import type { HttpServer } from './create-http-server.ts';

/** Tells the teams of an operator what happens at /auth, in their audit logs. */
export type SessionLog = {
  /** Told before the browser has its cookie: nobody is in of whom nothing is written. */
  signedIn(request: FastifyRequest, answer: Response): Promise<void>;
  /** Told after the answer, whose time shall not say whether somebody has this email. */
  failed(request: FastifyRequest, email: unknown): void;
  told(request: FastifyRequest, operatorId: string, act: SessionAct, change?: Partial<Change>): Promise<void>;
};

export const originOf = ({ id, ip, headers }: FastifyRequest): Origin => ({
  requestId: id,
  ip,
  userAgent: headers['user-agent'] ?? null,
});

const longestEmail = 320;

export function createSessionLog(http: HttpServer, { orm }: { orm: MikroORM }): SessionLog {
  const telling = new Set<Promise<void>>();
  http.addHook('onClose', async () => void (await Promise.all(telling)));

  const told: SessionLog['told'] = (request, operatorId, act, change = {}) =>
    recordSessionAct({ em: orm.em.fork(), origin: originOf(request) }, { operatorId, act, change });

  async function tellOfFailure(request: FastifyRequest, email: string) {
    const operator = await orm.em.fork().findOne(Operator, { email });
    if (operator) await told(request, operator.id, 'signInFailed', { after: { email } });
    // Not with what was typed: it may be a password.
    else request.log.warn({ ip: request.ip }, 'Somebody tried to sign in with an email that nobody has');
  }

  return {
    told,
    async signedIn(request, answer) {
      const { user, token } = (await answer.clone().json()) as { user: { id: string }; token: string };
      const session = await orm.em.fork().findOneOrFail(OperatorSession, { token });
      await told(request, user.id, 'signIn', { subjectType: 'OperatorSession', subjectId: session.id });
    },
    failed(request, email) {
      if (typeof email !== 'string' || email.length > longestEmail || email.includes('\0')) return;
      const end = tellOfFailure(request, email.toLowerCase())
        .catch((err) => request.log.error({ err }, 'A sign-in that failed could not be written to the audit log'))
        .finally(() => telling.delete(end));
      telling.add(end);
    },
  };
}
