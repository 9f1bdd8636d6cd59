import type { BaseLogger } from 'pino';
import type Stripe from 'stripe';
import { Payment } from '../../billing/payments/payment.entity.ts';
import { syncPayments } from '../../billing/payments/sync-payments.ts';
import { checkText } from '../../check-input.ts';
import { isDataFault } from '../../database/sql-state.ts';
import { conflict, Refusal } from '../../errors.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import type { Operation } from '../../operations/operation.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { isNoSuchObject } from '../../stripe/stripe-trouble.ts';
import { lookAtObject } from '../mirror/look-at-object.ts';
import { withoutRouting } from '../mirror/routing.ts';
import { idOf } from '../mirror/seen.ts';
import { replayStrays } from '../mirror/strays.ts';
import { laneOf } from '../mirror/stripe-lane.ts';
import { stripeObjects } from '../mirror/stripe-objects.ts';

/**
 * Links a guest's payment to a project, and replays the events of it, of its charges and of disputes that came before the link.
 * Stripe is only read: the row is what remembers the link.
 * @param input.projectIds the projects that the caller reaches.
 * @returns the payment's id, and how many events were replayed.
 * @throws Refusal NOT_FOUND for a project that the caller does not reach, or a payment that Stripe does not have; CONFLICT
 * where it belongs to another project, or has a customer, whose project is the payment's.
 */
export async function assignStripePayment(
  { operation, log }: { operation: Pick<Operation, 'write'>; log: Pick<BaseLogger, 'warn'> },
  connection: OpenConnection,
  input: { stripePaymentIntentId: string; projectId: string; projectIds: readonly string[] },
): Promise<{ paymentId: string; replayed: number }> {
  const { projectId, projectIds } = input;
  const id = checkText(input.stripePaymentIntentId, field, { max: 255 });
  if (!projectIds.includes(projectId))
    throw new Refusal('NOT_FOUND', 'Your team has no such project.', { field: 'projectId' });
  const { payment, at } = await lookAtPayment(connection, id);
  if (payment.customer)
    throw conflict(`This payment is of the customer ${idOf(payment.customer)}: assign that one instead.`, field);
  const addresses = [
    { object: 'payment_intent', id },
    ...(payment.latest_charge ? [{ object: 'charge', id: idOf(payment.latest_charge) }] : []),
  ];
  // Where the metadata names another project, the caller knows better.
  const object = { ...payment, metadata: withoutRouting(payment.metadata) };
  const seen = { id, object, evidence: at, mayReplace: (known: number) => known === 0, projectHint: projectId };
  try {
    const paymentId = await operation.write(async (em) => {
      await syncPayments({ em, connection, log }, [seen]);
      await em.flush();
      const row = await em.findOneOrFail(Payment, { connectionId: connection.id, stripePaymentIntentId: id });
      if (row.projectId !== projectId)
        throw conflict(`This payment belongs to the project ${row.projectId} already.`, field);
      await wakeLanes(
        em,
        addresses.map((address) => laneOf({ connectionId: connection.id, ...address })),
      );
      return row.id;
    });
    const replayed = await operation.write((em) =>
      replayStrays(em, connection.id, { object: 'payment_intent', id, anyDispute: true }),
    );
    return { paymentId, replayed };
  } catch (failure) {
    if (isDataFault(failure)) throw conflict('This payment has just been linked by something else. Look again.');
    throw failure;
  }
}

const field = 'stripePaymentIntentId';

async function lookAtPayment({ stripe }: OpenConnection, id: string) {
  const { object, at } = await lookAtObject(stripeObjects.get('payment_intent')!, stripe, id).catch((failure) => {
    if (isNoSuchObject(failure)) return { object: null, at: 0 };
    throw failure.cause ?? failure;
  });
  if (!object) throw new Refusal('NOT_FOUND', 'Stripe has no such payment in this environment.', { field });
  return { payment: object as Stripe.PaymentIntent, at };
}
