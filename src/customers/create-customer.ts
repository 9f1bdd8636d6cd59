import { isDeepStrictEqual } from 'node:util';
import { type EntityManager, raw, UniqueConstraintViolationException } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { checkEmail, checkMetadata, checkText } from '../check-input.ts';
import { conflict } from '../errors.ts';
import { newId } from '../ids.ts';
import { forgetLanes } from '../lanes/forget-lanes.ts';
import { Lane } from '../lanes/lane.entity.ts';
import { wakeLanes } from '../lanes/wake-lanes.ts';
import { certainlyNotDone } from '../stripe/translate-stripe-failure.ts';
import type { Tenant } from '../tenant.ts';
import { customerCompletionLane } from './complete-customer.ts';
import { Customer } from './customer.entity.ts';
import { makeStripeCustomer } from './make-stripe-customer.ts';

export type NewCustomer = {
  email: string;
  externalId?: string | null;
  name?: string | null;
  metadata?: Record<string, unknown> | null;
};

/** How long a call may be under way before the worker finishes what it began. */
const completedAfter = 60_000;

/**
 * Makes a customer here and in Stripe. The row is written first, and its id is Stripe's idempotency key: whatever is lost on
 * the way, one customer comes of it. Until Stripe has answered, nobody sees the row.
 * @returns the id of the row.
 * @throws Refusal BAD_USER_INPUT; CONFLICT with the field for an email or external id that the project already has; STRIPE_ERROR.
 */
export async function createCustomer(
  { em, stripe }: { em: EntityManager; stripe: Stripe },
  { teamId, ...tenant }: Tenant,
  input: NewCustomer,
): Promise<string> {
  const values = {
    email: checkEmail(input.email, 'email'),
    externalId: input.externalId == null ? null : checkText(input.externalId, 'externalId', { max: 255 }),
    name: input.name == null ? null : checkText(input.name, 'name', { max: 256 }),
    metadata: checkMetadata(input.metadata ?? {}, 'metadata'),
  };
  const customer = await insertOrResume({ em }, { ...tenant, ...values });
  try {
    await makeStripeCustomer({ em, stripe }, customer, teamId);
  } catch (failure) {
    if (certainlyNotDone(failure)) await takeBack({ em }, customer);
    throw failure;
  }
  await forgetLanes(em, [customerCompletionLane(customer.id)]);
  return customer.id;
}

type Values = Pick<Customer, 'projectId' | 'environment' | 'connectionId' | 'metadata'> & {
  email: string;
  externalId: string | null;
  name: string | null;
};

async function insertOrResume({ em }: { em: EntityManager }, values: Values): Promise<Customer> {
  const customer = em.create(Customer, { id: newId('pc'), ...values });
  try {
    await em.transactional(async (em) => {
      await em.persist(customer).flush();
      await wakeLanes(em, [customerCompletionLane(customer.id)], new Date(Date.now() + completedAfter));
    });
    return customer;
  } catch (failure) {
    if (!(failure instanceof UniqueConstraintViolationException)) throw failure;
    em.clear();
    return resume({ em }, values, failure);
  }
}

/**
 * A call that nobody was answered (its lane is still there: see completeCustomer) is taken up again by the next one that asks
 * for the same. All else is a conflict.
 */
async function resume({ em }: { em: EntityManager }, values: Values, failure: Error): Promise<Customer> {
  const { projectId, environment, email, externalId } = values;
  const begun = await em.findOne(Customer, { projectId, environment, email, externalId });
  if (begun && isSame(begun, values) && (await retryIsDue({ em }, begun))) return begun;
  if (failure.message.includes('external_id'))
    throw conflict('Another customer of this project has this external id.', 'externalId');
  throw conflict('Another customer of this project has this email address.', 'email');
}

/** Whether nobody was answered. The lane's generation then says that more than one call has asked Stripe. */
async function retryIsDue({ em }: { em: EntityManager }, { id }: Customer): Promise<boolean> {
  return (await em.nativeUpdate(Lane, customerCompletionLane(id), { gen: raw('gen + 1') })) > 0;
}

/**
 * Takes the row back of a call that Stripe refused; but not where another call has asked for it as well, whose end nobody
 * may know: without the row, a third one would make a second customer in Stripe. The lane settles that.
 */
async function takeBack({ em }: { em: EntityManager }, { id }: Customer): Promise<void> {
  await em.fork().transactional(async (em) => {
    const asked = await em.nativeDelete(Lane, { key: customerCompletionLane(id), gen: '1' });
    if (asked) await em.nativeDelete(Customer, { id, stripeCustomerId: null });
  });
}

const isSame = (begun: Customer, { name, metadata }: Values) =>
  begun.name === name && isDeepStrictEqual(begun.metadata, metadata);
