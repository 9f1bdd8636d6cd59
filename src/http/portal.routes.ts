import { hash } from 'node:crypto';
import { notFound } from '../errors.ts';
import { cancelPage, cancelReasons } from '../portal/pages/cancel-page.ts';
import { homePage } from '../portal/pages/home-page.ts';
import { invoicesPage } from '../portal/pages/invoices-page.ts';
import { leavingPage } from '../portal/pages/leaving-page.ts';
import { paymentMethodPage } from '../portal/pages/payment-method-page.ts';
import {
  PortalCancelDocument,
  PortalCheckoutDocument,
  PortalHomeDocument,
  PortalInvoicesDocument,
  PortalResumeDocument,
  PortalSavedDocument,
} from '../portal/sessions/documents.generated.ts';
import type { HttpServer } from './create-http-server.ts';
import { offersFor } from './portal-offers.ts';
import { mountPlans } from './portal-plan.routes.ts';
import { once, queryOf, subscriptionIn, subscriptionOf } from './portal-requests.ts';
import { createVisits, type PortalTools } from './portal-visit.ts';

const bodyLimit = 16 * 1024;

/** What a page says was done, by the word in its address. */
const done: Record<string, string> = {
  cancelled: 'Your subscription will end. Until then you can resume it.',
  resumed: 'Your subscription goes on.',
  changed: 'Your plan was changed.',
  kept: 'Your plan stays as it is.',
  saved: 'Your payment method was saved, and pays from now on.',
};

/** Mounts our own portal: pages that work without script. What they ask and do goes through the graph, as the customer. */
export function mountPortal(http: HttpServer, tools: Promise<PortalTools>, { publicUrl }: { publicUrl: string }): void {
  const visits = createVisits(tools, { publicUrl });
  const { origin } = new URL(publicUrl);

  // Without HEAD: who only looks at a link does not open it.
  http.get('/portal/open', { exposeHeadRoute: false }, (request, reply) =>
    visits.open(request, reply, queryOf(request, 'token')),
  );

  http.get('/portal/:session', (request, reply) =>
    visits.show(request, reply, async (visit) => {
      const { ask, frame, customerId } = visit;
      const before = queryOf(request, 'before') || null;
      const { customer, live, ended } = await ask(PortalHomeDocument, { id: customerId, before });
      if (!customer) throw notFound('customer');
      const offers = await offersFor(
        visit,
        live.nodes.map(({ id }) => id),
      );
      const canChange = (id: string) => Boolean(offers.get(id)?.length);
      return homePage(frame, { customer, live, ended, canChange, done: done[queryOf(request, 'done')], once });
    }),
  );

  http.get('/portal/:session/invoices', (request, reply) =>
    visits.show(request, reply, async ({ ask, frame, customerId }) => {
      const before = queryOf(request, 'before') || null;
      const { customer } = await ask(PortalInvoicesDocument, { id: customerId, before });
      if (!customer) throw notFound('customer');
      return invoicesPage(frame, customer.invoices);
    }),
  );

  http.get('/portal/:session/subscriptions/:subscription/cancel', (request, reply) =>
    visits.show(request, reply, async (visit) => {
      const subscription = await subscriptionIn(visit, request);
      if (subscription.endedAt || subscription.cancelAt) return { to: visit.frame.base };
      return cancelPage(visit.frame, { subscription, once: once() });
    }),
  );

  mountPlans(http, visits);
  const form = { bodyLimit };

  http.post('/portal/:session/subscriptions/:subscription/cancel', form, (request, reply) =>
    visits.take(request, reply, async ({ ask, frame }, { value, idempotencyKey }) => {
      const given = value('feedback');
      const feedback = given in cancelReasons ? (given as keyof typeof cancelReasons) : null;
      const input = { subscriptionId: subscriptionOf(request), at: 'PERIOD_END', feedback, idempotencyKey } as const;
      await ask(PortalCancelDocument, { input });
      return { to: `${frame.base}?done=cancelled` };
    }),
  );

  http.post('/portal/:session/subscriptions/:subscription/resume', form, (request, reply) =>
    visits.take(request, reply, async ({ ask, frame }, { idempotencyKey }) => {
      await ask(PortalResumeDocument, { input: { subscriptionId: subscriptionOf(request), idempotencyKey } });
      return { to: `${frame.base}?done=resumed` };
    }),
  );

  http.get('/portal/:session/payment-method', (request, reply) =>
    visits.show(request, reply, async ({ frame }) => paymentMethodPage(frame, { once: once() })),
  );

  http.post('/portal/:session/payment-method', form, (request, reply) =>
    visits.take(request, reply, async ({ ask, frame }, { idempotencyKey }) => {
      const back = `${origin}${frame.base}`;
      const successUrl = `${back}/payment-method/saved?checkout={CHECKOUT_SESSION_ID}`;
      const input = { mode: 'SETUP', successUrl, cancelUrl: back, idempotencyKey } as const;
      const { createCheckoutSession } = await ask(PortalCheckoutDocument, { input });
      return leavingPage(frame, createCheckoutSession.url!);
    }),
  );

  // By a visit: it does for the customer what he has just finished on Stripe's page, and nothing for whoever else leads him here.
  http.get('/portal/:session/payment-method/saved', (request, reply) =>
    visits.show(request, reply, async ({ ask, frame, session }) => {
      const checkoutSessionId = queryOf(request, 'checkout');
      const idempotencyKey = `portal/${session.id}/${hash('sha256', checkoutSessionId)}`;
      await ask(PortalSavedDocument, { input: { checkoutSessionId, idempotencyKey } });
      return { to: `${frame.base}?done=saved` };
    }),
  );
}
