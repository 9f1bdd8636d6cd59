import type { FastifyRequest } from 'fastify';
import { notFound } from '../errors.ts';
import { confirmPage, planPage } from '../portal/pages/plan-pages.ts';
import {
  PortalChangeDocument,
  PortalKeepPlanDocument,
  PortalPreviewDocument,
} from '../portal/sessions/documents.generated.ts';
import type { HttpServer } from './create-http-server.ts';
import { offersFor } from './portal-offers.ts';
import { once, queryOf, subscriptionIn, subscriptionOf } from './portal-requests.ts';
import type { Visit, Visits } from './portal-visit.ts';

const bodyLimit = 16 * 1024;

const path = '/portal/:session/subscriptions/:subscription/plan';

/** Mounts the pages on which a subscription changes its plan: what there is, what it costs, and the change. */
export function mountPlans(http: HttpServer, visits: Visits): void {
  http.get(path, (request, reply) =>
    visits.show(request, reply, async (visit) => {
      const { subscription, offers } = await choiceIn(visit, request);
      return offers.length ? planPage(visit.frame, { subscription, offers }) : { to: visit.frame.base };
    }),
  );

  http.get(`${path}/confirm`, (request, reply) =>
    visits.show(request, reply, async (visit) => {
      const { subscription, offers } = await choiceIn(visit, request);
      const wanted = queryOf(request, 'price');
      // Who goes back after the change has it already.
      if (subscription.items.nodes.some(({ price }) => price?.id === wanted)) return { to: visit.frame.base };
      const offer = offers.find(({ id }) => id === wanted);
      if (!offer) throw notFound('plan');
      const input = { subscriptionId: subscription.id, priceId: offer.id };
      const { previewSubscriptionChange: preview } = await visit.ask(PortalPreviewDocument, { input });
      if (!preview) throw notFound('subscription');
      return confirmPage(visit.frame, { subscription, offer, preview, once: once() });
    }),
  );

  http.post(path, { bodyLimit }, (request, reply) =>
    visits.take(request, reply, async ({ ask, frame }, { value, idempotencyKey }) => {
      // What was shown is what is billed.
      const prorationDate = value('prorationDate') || null;
      const which = { subscriptionId: subscriptionOf(request), priceId: value('price') };
      await ask(PortalChangeDocument, { input: { ...which, prorationDate, idempotencyKey } });
      return { to: `${frame.base}?done=changed` };
    }),
  );

  http.post('/portal/:session/subscriptions/:subscription/keep', { bodyLimit }, (request, reply) =>
    visits.take(request, reply, async ({ ask, frame }, { idempotencyKey }) => {
      await ask(PortalKeepPlanDocument, { input: { subscriptionId: subscriptionOf(request), idempotencyKey } });
      return { to: `${frame.base}?done=kept` };
    }),
  );
}

async function choiceIn(visit: Visit, request: FastifyRequest) {
  const subscription = await subscriptionIn(visit, request);
  const offers = await offersFor(visit, [subscription.id]);
  return { subscription, offers: offers.get(subscription.id) ?? [] };
}
