import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { BaseLogger } from 'pino';
import type Stripe from 'stripe';
import { refusalOfTaken } from '../../billing/customers/ask-for-customer.ts';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { syncCustomers } from '../../billing/customers/sync-customers.ts';
import { checkText } from '../../check-input.ts';
import { isDataFault } from '../../database/sql-state.ts';
import { conflict, Refusal } from '../../errors.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import type { Operation } from '../../operations/operation.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { isNoSuchObject } from '../../stripe/stripe-trouble.ts';
import { lookAtObject } from '../mirror/look-at-object.ts';
import { loadRouting } from '../mirror/routing.ts';
import type { Seen } from '../mirror/seen.ts';
import { replayStrays } from '../mirror/strays.ts';
import { laneOf } from '../mirror/stripe-lane.ts';
import { stripeObjects } from '../mirror/stripe-objects.ts';

/**
 * Links a customer of Stripe's to a project, brings the subscriptions, and replays the events that came before the link.
 * Stripe is only read: the row is what remembers the link.
 * @param input.projectIds the projects that the caller reaches.
 * @param input.byProject said of a caller who speaks for the project alone: what the customer says of itself then counts more than he does.
 * @returns the customer's id, and how many events were replayed.
 * @throws Refusal NOT_FOUND for a project that the caller does not reach, or a customer that Stripe does not have (any more);
 * CONFLICT where the customer belongs to another project; by a project alone, also where another customer has its email address or the external id.
 */
export async function assignStripeCustomer(
  { operation, log }: { operation: Pick<Operation, 'write'>; log: Pick<BaseLogger, 'warn'> },
  connection: OpenConnection,
  input: {
    stripeCustomerId: string;
    projectId: string;
    projectIds: readonly string[];
    byProject?: { externalId: string | null };
  },
): Promise<{ customerId: string; replayed: number }> {
  const { projectId, projectIds, byProject } = input;
  const id = checkText(input.stripeCustomerId, 'stripeCustomerId', { max: 255 });
  if (!projectIds.includes(projectId))
    throw new Refusal('NOT_FOUND', 'Your team has no such project.', { field: 'projectId' });

  const seen = await lookAtCustomer(connection, id, projectId);
  const lanes = [
    laneOf({ connectionId: connection.id, object: 'customer', id }),
    ...(await lanesOfSubscriptions(connection, id)),
  ];
  try {
    const customerId = await operation.write(async (em) => {
      const routing = await loadRouting(em, connection.teamId);
      const named = routing.named(seen.object.metadata) ?? projectId;
      if (byProject && named !== projectId) throw elsewhere();
      const [outcome] = await syncCustomers({ em, connection, log }, [withoutProject(seen)]);
      await em.flush();
      const customer = await em.findOneOrFail(Customer, { connectionId: connection.id, stripeCustomerId: id });
      if (customer.projectId !== projectId) throw byProject ? elsewhere() : otherProject(customer.projectId);
      if (byProject && outcome === 'applied' && seen.object.email && !customer.email) throw emailTaken();
      if (byProject?.externalId != null) customer.externalId = byProject.externalId;
      await wakeLanes(em, lanes);
      return customer.id;
    });
    const replayed = await operation.write((em) =>
      replayStrays(em, connection.id, { object: 'customer', id, anyDispute: true }),
    );
    return { customerId, replayed };
  } catch (failure) {
    if (failure instanceof UniqueConstraintViolationException && failure.message.includes('external_id'))
      throw refusalOfTaken(failure);
    if (isDataFault(failure)) throw conflict('This customer has just been linked by something else. Look again.');
    throw failure;
  }
}

/** What Stripe shows, to be written only where there is no row yet. */
async function lookAtCustomer({ stripe }: OpenConnection, id: string, projectHint: string): Promise<SeenCustomer> {
  const { object, at } = await lookAtObject(stripeObjects.get('customer')!, stripe, id).catch((failure) => {
    if (isNoSuchObject(failure)) return { object: null, at: 0 };
    throw failure.cause ?? failure;
  });
  if (!object)
    throw new Refusal('NOT_FOUND', 'Stripe has no such customer in this environment.', { field: 'stripeCustomerId' });
  return {
    id,
    object: object as Stripe.Customer,
    evidence: at,
    mayReplace: (known) => known === 0,
    projectHint,
  };
}

type SeenCustomer = Seen<Stripe.Customer> & { object: Stripe.Customer };

/** Where the metadata names another project, the caller knows better. */
function withoutProject(seen: SeenCustomer): SeenCustomer {
  const { billgraph_project_id: _, ...metadata } = seen.object.metadata;
  return { ...seen, object: { ...seen.object, metadata } };
}

async function lanesOfSubscriptions({ id: connectionId, stripe }: OpenConnection, customer: string): Promise<string[]> {
  const lanes: string[] = [];
  for await (const { id } of stripe.subscriptions.list({ customer, status: 'all', limit: 100 }))
    lanes.push(laneOf({ connectionId, object: 'subscription', id }));
  return lanes;
}

const otherProject = (projectId: string) =>
  conflict(`This customer belongs to the project ${projectId} already.`, 'stripeCustomerId');

const elsewhere = () => conflict('This customer belongs to another project.', 'stripeCustomerId');

const emailTaken = () =>
  conflict(
    'Another customer of this project has the email address of this one. Change one of them first.',
    'stripeCustomerId',
  );
