import type { MikroORM } from '@mikro-orm/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDatabaseTrouble } from '../database/sql-state.ts';
import { badInput, forbidden, Refusal, unavailable } from '../errors.ts';
import type { Entered, Graphql } from '../graphql/create-graphql.ts';
import type { RevokedKeys } from '../identity/access/revoked-keys.ts';
import { refuseOtherSites } from '../identity/operators/refuse-other-sites.ts';
import type { AddressLimits } from '../limits/address-limits.ts';
import type { Page } from '../pages/page-document.ts';
import { explainRefusal } from '../portal/pages/explain-refusal.ts';
import { closedPage, type Frame, portalPage, refusal } from '../portal/pages/portal-frame.ts';
import {
  findPortalSession,
  type OpenPortal,
  openPortalSession,
  PortalClosed,
} from '../portal/sessions/find-portal-session.ts';
import { formTokenOf, isSame } from '../portal/sessions/portal-secrets.ts';
import { credentialsOf } from './credentials-of.ts';
import { readSubmission, type Submission } from './read-submission.ts';

export type PortalTools = {
  orm: MikroORM;
  revokedKeys: RevokedKeys;
  graphql: Graphql;
  addresses: AddressLimits;
};

/** Somebody in an open portal: what he may ask, and the frame of his pages. */
export type Visit = OpenPortal & Entered & { frame: Frame };

/** A page, or the way to one. */
export type Answer = Page | { to: string };

export type Visits = ReturnType<typeof createVisits>;

const cookie = 'billgraph.portal';

export function createVisits(tools: Promise<PortalTools>, { publicUrl }: { publicUrl: string }) {
  const { origin, protocol } = new URL(publicUrl);

  /** Answers with a page, also where there is none to be seen. */
  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    work: () => Promise<Answer>,
    frame?: () => Frame | undefined,
  ) {
    try {
      await (await tools).addresses.admit(request.ip);
      return send(reply, await work());
    } catch (failure) {
      return send(reply, explained(request, reply, failure, frame?.()));
    }
  }

  /** The portal that the browser's cookie opens. */
  async function enter(request: FastifyRequest): Promise<Visit & { secret: string }> {
    const { session: id = '' } = request.params as { session?: string };
    const secret = cookieIn(request.headers.cookie);
    const { orm, revokedKeys, graphql, addresses } = await tools;
    const em = orm.em.fork();
    const portal = await addresses.watch(request.ip, secret || undefined, () =>
      findPortalSession({ em, revokedKeys }, { id, secret }),
    );
    const { log, ip, headers } = request;
    const from = { requestId: request.id, ip, userAgent: headers['user-agent'] ?? null };
    const { session, principal, project } = portal;
    const base = baseOf(session.id);
    const frame: Frame = { base, project, returnUrl: session.returnUrl, formToken: formTokenOf(secret) };
    return { ...portal, ...graphql.enter(principal, { log, origin: from }), frame, secret };
  }

  return {
    /** Opens a link: its token becomes a cookie of this session's pages alone, and is gone from the address. */
    open: (request: FastifyRequest, reply: FastifyReply, token: string) =>
      answer(request, reply, async () => {
        const { orm, revokedKeys, addresses } = await tools;
        const em = orm.em.fork();
        const browser = `${request.ip} ${request.headers['user-agent']}`;
        const { session, secret } = await addresses.watch(request.ip, token || undefined, () =>
          openPortalSession({ em, revokedKeys }, { token, browser }),
        );
        const seconds = Math.ceil((session.expiresAt.getTime() - Date.now()) / 1000);
        const secure = protocol === 'https:' ? '; Secure' : '';
        reply.header(
          'set-cookie',
          `${cookie}=${secret}; Path=${baseOf(session.id)}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`,
        );
        return { to: `${baseOf(session.id)}${pathOfFlow(session)}` };
      }),
    /** Shows a page. */
    async show(request: FastifyRequest, reply: FastifyReply, page: (visit: Visit) => Promise<Answer>) {
      let frame: Frame | undefined;
      const work = async () => {
        const visit = await enter(request);
        frame = visit.frame;
        return page(visit);
      };
      return answer(request, reply, work, () => frame);
    },
    /** Does what a form of ours asks for, once, however often it is sent. */
    async take(
      request: FastifyRequest,
      reply: FastifyReply,
      act: (visit: Visit, form: { value: Submission['value']; idempotencyKey: string }) => Promise<Answer>,
    ) {
      let frame: Frame | undefined;
      const work = async () => {
        refuseOtherSites([origin], credentialsOf(request).site);
        const visit = await enter(request);
        frame = visit.frame;
        const { isForm, value } = readSubmission(request);
        if (!isForm || !isSame(value('form'), formTokenOf(visit.secret)))
          throw forbidden('This form is not of the page that is open now.');
        const once = value('once');
        if (!/^[\w-]{8,64}$/.test(once)) throw badInput('This form is not whole. Open the page again.', 'once');
        return act(visit, { value, idempotencyKey: `portal/${visit.session.id}/${once}` });
      };
      return answer(request, reply, work, () => frame);
    },
  };
}

const baseOf = (id: string) => `/portal/${id}`;

function pathOfFlow({ flow, subscription }: OpenPortal['session']): string {
  if (flow === 'UPDATE_PAYMENT_METHOD') return '/payment-method';
  if (!flow || !subscription) return '';
  return `/subscriptions/${subscription.id}/${flow === 'CANCEL' ? 'cancel' : 'plan'}`;
}

function cookieIn(header = ''): string {
  const pairs = header.split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === cookie)?.[1] ?? '';
}

function send(reply: FastifyReply, answer: Answer) {
  if ('to' in answer) return reply.header('cache-control', 'no-store').redirect(answer.to, 303);
  return reply.headers(answer.headers).send(answer.text);
}

function explained(request: FastifyRequest, reply: FastifyReply, failure: unknown, frame?: Frame): Page {
  const known = failure instanceof Refusal ? failure : refusalOf(request, failure);
  if (known instanceof PortalClosed) {
    reply.code(410);
    return closedPage({ title: 'This page is closed', message: known.message, returnUrl: known.returnUrl });
  }
  const { status, title, message } = explainRefusal(known);
  reply.code(status);
  if (known.details.retryAfter) reply.header('retry-after', known.details.retryAfter);
  if (!frame) return closedPage({ title, message });
  return portalPage(frame, { title, main: refusal(frame, message) });
}

function refusalOf(request: FastifyRequest, failure: unknown): Refusal {
  request.log.error({ err: failure }, 'A page failed');
  if (isDatabaseTrouble(failure)) return unavailable('The database cannot be reached.');
  return new Refusal(
    'INTERNAL_SERVER_ERROR',
    `Something went wrong on our side. Mention ${request.id} when you report it.`,
  );
}
