import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FormFault } from '../pages/form-field.ts';
import { isForeign } from '../pages/is-foreign.ts';
import { sendPage } from '../pages/page.ts';
import { sendForeign, sendNotice } from '../pages/send-notice.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import type { Store } from '../store/store.ts';
import { ApiError } from '../wire/api-error.ts';
import type { Form } from '../wire/form-body.ts';
import { homePage } from './home-page.ts';
import { portalPages } from './portal-pages.ts';
import { type PortalView, portalView } from './portal-view.ts';

/** The hosted portal. Who knows its address may use it, for an hour: the session's id is the secret. */
export function addPortal(server: FastifyInstance, store: Store): void {
  server.get('/p/session/:id', (request, reply) =>
    visit(store, request, reply, async (_tx, view) => {
      const flow = flowPath(view);
      if (flow) return () => redirect(reply, `/p/session/${view.session.id}${flow}`);
      return () => sendPage(reply, 200, 'Billing (sandbox)', homePage(view));
    }),
  );
  for (const page of portalPages) {
    const url = `/p/session/:id${page.path}`;
    const show = async (tx: AccountTransaction, view: PortalView, request: FastifyRequest, fault?: FormFault) => {
      const { subscription = '' } = request.params as { subscription?: string };
      return page.show ? page.show(tx, view, subscription, fault) : homePage(view);
    };
    if (page.show) {
      server.get(url, (request, reply) =>
        visit(store, request, reply, async (tx, view) => {
          if (!view.configuration.features[page.feature].enabled) return () => notOffered(reply);
          const html = await show(tx, view, request);
          return () => sendPage(reply, 200, 'Billing (sandbox)', html);
        }),
      );
    }
    server.post(url, async (request, reply) => {
      if (isForeign(request)) return sendForeign(reply);
      const { subscription = '' } = request.params as { subscription?: string };
      const fields = (request.body ?? {}) as { [name: string]: Form };
      try {
        return await visit(store, request, reply, async (tx, view) => {
          if (!view.configuration.features[page.feature].enabled) return () => notOffered(reply);
          await page.act(tx, view, subscription, fields);
          return () => leave(reply, view);
        });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const fault = { message: error.message, field: error.body.param };
        return visit(store, request, reply, async (tx, view) => {
          const html = await show(tx, view, request, fault);
          return () => sendPage(reply, error.status, 'Billing (sandbox)', html);
        });
      }
    });
  }
}

type Visit = (tx: AccountTransaction, view: PortalView) => Promise<() => FastifyReply>;

/** Does something in a session, or says that there is none. The answer is sent when what was done is committed. */
async function visit(store: Store, request: FastifyRequest, reply: FastifyReply, act: Visit): Promise<FastifyReply> {
  const id = (request.params as { id: string }).id.replaceAll('\0', '');
  const account = await store.accountOf('billing_portal.session', id);
  if (!account) return sendNotice(reply, 404, 'There is no such page', 'Check the address.');
  const caller = { account, requestId: request.id, idempotencyKey: null };
  const work = async (tx: AccountTransaction) => {
    const [session] = await tx.rows<{ expired: boolean }>(
      `select recorded < now() - interval '1 hour' as expired from sandbox.object
       where account = $1 and object = 'billing_portal.session' and id = $2`,
      [account, id],
    );
    if (session?.expired) return () => expired(reply);
    return act(tx, await portalView(tx, id));
  };
  const answer = request.method === 'GET' ? await work(store.read(caller)) : await store.write(caller, work);
  return answer();
}

/** Where a session that is for one thing goes at once. */
function flowPath({ session: { flow } }: PortalView): string | undefined {
  if (!flow) return undefined;
  if (flow.type === 'payment_method_update') return '/payment_method';
  if (flow.type === 'customer_update') return '/details';
  if (flow.subscription_cancel) return `/subscriptions/${flow.subscription_cancel.subscription}/cancel`;
  const update = flow.subscription_update ?? flow.subscription_update_confirm;
  return update ? `/subscriptions/${update.subscription}/update` : undefined;
}

/** Where to go when a form did what it is for. */
function leave(reply: FastifyReply, { session }: PortalView): FastifyReply {
  const after = session.flow?.after_completion;
  if (after?.redirect) return redirect(reply, new URL(after.redirect.return_url).href);
  if (after?.type === 'hosted_confirmation') {
    return sendNotice(reply, 200, 'Done', after.hosted_confirmation?.custom_message ?? 'Your change was saved.');
  }
  if (session.flow) return sendNotice(reply, 200, 'Done', 'Your change was saved.');
  return redirect(reply, `/p/session/${session.id}`);
}

function redirect(reply: FastifyReply, location: string): FastifyReply {
  return reply.code(303).header('location', location).header('cache-control', 'no-store').send();
}

function notOffered(reply: FastifyReply): FastifyReply {
  return sendNotice(reply, 403, 'This is not offered here', 'The configuration of the portal does not enable it.');
}

function expired(reply: FastifyReply): FastifyReply {
  return sendNotice(reply, 410, 'This page has expired', 'Go back to where you came from and open it again.');
}
