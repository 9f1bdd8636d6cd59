import type { MikroORM } from '@mikro-orm/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { badInput, httpStatusOf, Refusal } from '../errors.ts';
import type { Auth } from '../identity/operators/create-auth.ts';
import { Operator } from '../identity/operators/operator.entity.ts';
import type { OperatorSessions } from '../identity/operators/operator-sessions.ts';
import { refuseOtherSites } from '../identity/operators/refuse-other-sites.ts';
import type { AddressLimits } from '../limits/address-limits.ts';
import type { Page } from '../pages/page-document.ts';
import { acceptInvitation } from '../tenancy/members/accept-invitation.ts';
import { findInvitation } from '../tenancy/members/find-invitation.ts';
import type { Fault } from '../tenancy/onboarding/form.ts';
import { invitationPage, refusalPage, setupPage, welcomePage } from '../tenancy/onboarding/pages.ts';
import { requireSetupLink, useSetupLink } from '../tenancy/onboarding/use-setup-link.ts';
import { Team } from '../tenancy/teams/team.entity.ts';
import { askToSignIn, copyCookies, signInNewcomer } from './ask-auth.ts';
import type { HttpServer } from './create-http-server.ts';
import { credentialsOf } from './credentials-of.ts';
import { readSubmission, type Submission } from './read-submission.ts';
import { originOf, type SessionLog } from './session-log.ts';

type Tools = {
  orm: MikroORM;
  auth: Auth;
  sessions: OperatorSessions;
  /** The origins whose pages may send the forms. */
  ownOrigins: readonly string[];
  addresses: AddressLimits;
};
type Asking = { Querystring: { token?: string } };
type Answered = { cookies: Response; answer: object };

const bodyLimit = 16 * 1024;

/** Mounts how people come in: the first operator's link, and invitations. As pages that need no script, and as JSON. */
export function mountOnboarding(
  http: HttpServer,
  tools: Promise<Tools>,
  { publicUrl, sessionLog }: { publicUrl: string; sessionLog: SessionLog },
): void {
  const { origin } = new URL(publicUrl);
  const limited = { onRequest: async ({ ip }: FastifyRequest) => (await tools).addresses.admit(ip) };
  const form = {
    bodyLimit,
    async onRequest(request: FastifyRequest) {
      await limited.onRequest(request);
      refuseOtherSites((await tools).ownOrigins, credentialsOf(request).site);
    },
  };

  http.get<Asking>('/auth/setup', limited, async ({ query }, reply) => {
    const token = tokenOf(query);
    return sendPage(reply, async () => {
      const { orm } = await tools;
      await requireSetupLink({ em: orm.em.fork() }, token);
      return setupPage(token);
    });
  });

  http.post('/auth/setup', form, (request, reply) =>
    take(request, reply, {
      async work({ value }) {
        const { orm, auth } = await tools;
        const em = orm.em.fork();
        const [email, password] = [value('email'), value('password')];
        const operator = await useSetupLink({ em }, value('token'), { name: value('name'), email, password });
        const cookies = await signInNewcomer(auth, request, { email: operator.email, password });
        await sessionLog.signedIn(request, cookies);
        return { cookies, answer: { operatorId: operator.id } };
      },
      again: async ({ value }, typed, fault) => setupPage(value('token'), typed, fault),
    }),
  );

  http.get<Asking>('/auth/invitation', limited, async ({ query }, reply) => {
    const token = tokenOf(query);
    return sendPage(reply, async () => invitationPage(await invited(token)));
  });

  http.post('/auth/invitation', form, (request, reply) =>
    take(request, reply, {
      async work({ value }) {
        const { orm, auth } = await tools;
        const em = orm.em.fork();
        const [token, password] = [value('token'), value('password')];
        const { email, isOperator } = await invited(token);
        if (!isOperator) {
          const { member, teamId } = await acceptInvitation({ em, origin: originOf(request) }, token, {
            name: value('name'),
            password,
          });
          const cookies = await signInNewcomer(auth, request, { email, password });
          await sessionLog.signedIn(request, cookies);
          return { cookies, answer: { operatorId: member.operator.id, teamId } };
        }
        const attempt = await askToSignIn(auth, request, origin, { email, password });
        if (attempt.status === 401) sessionLog.failed(request, email);
        const cookies = await signedIn(attempt);
        const { id: operatorId } = await em.findOneOrFail(Operator, { email });
        const { teamId } = await acceptInvitation({ em, origin: originOf(request) }, token, { operatorId });
        await sessionLog.signedIn(request, cookies);
        return { cookies, answer: { operatorId, teamId } };
      },
      again: async ({ value }, typed, fault) => invitationPage(await invited(value('token')), typed, fault),
    }),
  );

  http.get('/auth/welcome', limited, ({ headers }, reply) =>
    sendPage(reply, async () => {
      const { sessions } = await tools;
      const session = headers.cookie && sessions.isIn(headers.cookie) ? await sessions.find(headers.cookie) : null;
      if (!session) throw new Refusal('UNAUTHENTICATED', 'You are not signed in in this browser.');
      return welcomePage(session.operator);
    }),
  );

  async function invited(token: string) {
    const { orm } = await tools;
    const em = orm.em.fork();
    const { team, email, role } = await findInvitation({ em }, token);
    const { name } = await em.findOneOrFail(Team, { id: team.id });
    const isOperator = (await em.count(Operator, { email })) > 0;
    return { token, team: name, email, role, isOperator };
  }
}

const tokenOf = ({ token }: { token?: unknown }) => (typeof token === 'string' ? token : '');

/** @throws Refusal where better-auth let nobody in. */
async function signedIn(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  if (answer.status !== 429) throw badInput('This password is wrong.', 'password');
  const retryAfter = Number(answer.headers.get('x-retry-after')) || 60;
  throw new Refusal('RATE_LIMITED', `Too many attempts. Try again in ${retryAfter} seconds.`, { retryAfter });
}

/** A program is answered JSON, and its refusals as everywhere; a page goes on to the welcome, or comes again with what is wrong. */
async function take(
  request: FastifyRequest,
  reply: FastifyReply,
  {
    work,
    again,
  }: {
    work(submission: Submission): Promise<Answered>;
    again(submission: Submission, typed: Record<string, string>, fault: Fault): Promise<Page>;
  },
) {
  const submission = readSubmission(request);
  reply.header('cache-control', 'no-store');
  try {
    const { cookies, answer } = await work(submission);
    copyCookies(cookies, reply);
    return submission.isForm ? reply.redirect('/auth/welcome', 303) : answer;
  } catch (failure) {
    if (!submission.isForm || !(failure instanceof Refusal)) throw failure;
    const { message, code, details } = failure;
    const typed = { name: submission.value('name'), email: submission.value('email') };
    reply.code(httpStatusOf[code]);
    return sendPage(reply, async () => {
      if (details.field === 'token') throw failure;
      return again(submission, typed, { message, field: details.field });
    });
  }
}

/** Sends the page, or why there is none. */
async function sendPage(reply: FastifyReply, make: () => Promise<Page>) {
  const { text, headers } = await make().catch((failure) => {
    if (!(failure instanceof Refusal)) throw failure;
    reply.code(httpStatusOf[failure.code]);
    return refusalPage('This does not work', failure.message);
  });
  return reply.headers(headers).send(text);
}
