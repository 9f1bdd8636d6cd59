import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { checkEmail, checkMetadata, checkText } from '../check-input.ts';
import { conflict } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Operation } from '../operations/operation.ts';
import { routingMetadata, type Tenant } from '../tenant.ts';
import { Customer } from './customer.entity.ts';

export type NewCustomer = {
  email: string;
  externalId?: string | null;
  name?: string | null;
  metadata?: Record<string, unknown> | null;
};

/**
 * Makes a customer here and in Stripe. The row is written first; until Stripe has answered, nobody sees it. A call that nobody
 * was answered is taken up by the next one that asks for the same.
 * @returns the id of the row.
 * @throws Refusal BAD_USER_INPUT; CONFLICT with the field for an email or external id that the project already has; STRIPE_ERROR.
 */
export async function createCustomer(
  { em, stripe, operation }: { em: EntityManager; stripe: Stripe; operation: Operation },
  { teamId, ...tenant }: Tenant,
  input: NewCustomer,
): Promise<string> {
  const values = {
    email: checkEmail(input.email, 'email'),
    externalId: input.externalId == null ? null : checkText(input.externalId, 'externalId', { max: 255 }),
    name: input.name == null ? null : checkText(input.name, 'name', { max: 256 }),
    metadata: checkMetadata(input.metadata ?? {}, 'metadata'),
  };
  return operation.askStripe({
    async prepare(em) {
      const { id } = em.create(Customer, { id: newId('pc'), ...tenant, ...values });
      const metadata = { ...values.metadata, ...routingMetadata({ teamId, ...tenant }), billgraph_id: id };
      return { id, parameters: { email: values.email, name: values.name ?? undefined, metadata } };
    },
    subjectOf: ({ id }) => id,
    send: ({ parameters }, options) => stripe.customers.create(parameters, options),
    async record(em, { id }, made) {
      const customer = await em.findOneOrFail(Customer, { id });
      customer.stripeCustomerId ??= made.id;
      return id;
    },
    async undo(em, { id }) {
      await em.nativeDelete(Customer, { id, stripeCustomerId: null });
    },
    async orResume(failure) {
      if (!(failure instanceof UniqueConstraintViolationException)) throw failure;
      const { projectId, environment } = tenant;
      const { email, externalId } = values;
      const inTheWay = await em.findOne(Customer, { projectId, environment, email, externalId });
      const subjectId = inTheWay?.id ?? null;
      const refusal = failure.message.includes('external_id')
        ? conflict('Another customer of this project has this external id.', 'externalId')
        : conflict('Another customer of this project has this email address.', 'email');
      return { subjectId, refusal };
    },
  });
}
