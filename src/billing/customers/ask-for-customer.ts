import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/core';
import type { BaseLogger } from 'pino';
import type Stripe from 'stripe';
import { conflict } from '../../errors.ts';
import { newId } from '../../ids.ts';
import { recordAnswer } from '../../ingestion/mirror/record-answer.ts';
import type { Operation } from '../../operations/operation.ts';
import { routingMetadata, type Tenant } from '../../tenant.ts';
import type { CustomerChanges } from './check-customer.ts';
import { Customer } from './customer.entity.ts';
import { stripeCustomerOf } from './stripe-customer-of.ts';
import { syncCustomers } from './sync-customers.ts';

/** What writes customers. */
export type CustomerTools = {
  em: EntityManager;
  stripe: Stripe;
  operation: Operation;
  log: Pick<BaseLogger, 'warn'>;
};

/**
 * Makes or changes a customer in Stripe, and brings what Stripe answers to the row. The email address and the external id are
 * ours to give: they are written first, so that no two customers get the same one. Until Stripe has answered, nobody sees a new row.
 * A call that nobody was answered is taken up by the next one that asks for the same.
 * @param change.find the customer to change, in the transaction; null makes one.
 * @returns the id of the row.
 * @throws what `find` refuses; Refusal CONFLICT with the field for an email or external id that the project already has; STRIPE_ERROR.
 */
export async function askForCustomer(
  { em, stripe, operation, log }: CustomerTools,
  tenant: Tenant,
  { changes, find }: { changes: CustomerChanges; find(em: EntityManager): Promise<Customer | null> },
): Promise<string> {
  const { teamId, ...ofRow } = tenant;
  return operation.askStripe({
    async prepare(em) {
      const known = await find(em);
      if (!known) {
        const { id } = em.create(Customer, { id: newId('pc'), ...ofRow, ...changes });
        const metadata = { ...changes.metadata, ...routingMetadata(tenant), billgraph_id: id };
        const parameters = stripeCustomerOf({ ...changes, metadata }, {});
        return { id, stripeCustomerId: null, basis: 0, parameters, before: null };
      }
      const { id, stripeCustomerId, evidence: basis, email, externalId } = known;
      const parameters = stripeCustomerOf(changes, known.metadata);
      if (changes.email !== undefined) known.email = changes.email;
      if (changes.externalId !== undefined) known.externalId = changes.externalId;
      return { id, stripeCustomerId, basis, parameters, before: { email, externalId } };
    },
    subjectOf: ({ id }) => id,
    send: ({ stripeCustomerId, parameters }, options) =>
      stripeCustomerId
        ? stripe.customers.update(stripeCustomerId, parameters, options)
        : stripe.customers.create(withoutBlanks(parameters), options),
    async record(em, { id, basis }, object) {
      const answered = { type: 'customer', id: object.id, object, basis };
      await recordAnswer({ em, log, operation, sync: syncCustomers }, tenant, answered);
      return id;
    },
    async undo(em, { id, before }) {
      if (!before) await em.nativeDelete(Customer, { id, stripeCustomerId: null });
      else em.assign(await em.findOneOrFail(Customer, { id }), before);
    },
    async orResume(failure) {
      if (!(failure instanceof UniqueConstraintViolationException)) throw failure;
      const { projectId, environment } = tenant;
      const { email = null, externalId = null } = changes;
      const inTheWay = await em.findOne(Customer, { projectId, environment, email, externalId });
      return { subjectId: inTheWay?.id ?? null, refusal: refusalOfTaken(failure) };
    },
  });
}

export const refusalOfTaken = ({ message }: UniqueConstraintViolationException) =>
  message.includes('external_id')
    ? conflict('Another customer of this project has this external id.', 'externalId')
    : conflict('Another customer of this project has this email address.', 'email');

/** What takes something away has no place where nothing is yet. */
const withoutBlanks = (parameters: Stripe.CustomerUpdateParams) =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== '')) as Stripe.CustomerCreateParams;
