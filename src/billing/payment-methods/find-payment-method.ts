import type { EntityManager } from '@mikro-orm/core';
import { notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Tenant } from '../../tenant.ts';
import { PaymentMethod } from './payment-method.entity.ts';

/**
 * The payment method that an input names, with its customer, who can still pay with it.
 * @param of.own the customer whom a customer token speaks for: it reaches nobody else's. Null for a key.
 * @throws Refusal NOT_FOUND
 */
export async function findPaymentMethod(
  { em }: { em: EntityManager },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  { id, own }: { id: string; own: string | null },
): Promise<PaymentMethod> {
  const customer = { stripeCustomerId: { $ne: null }, deletedAt: null, ...(own === null ? {} : { id: own }) };
  const which = { id, projectId, environment, detachedAt: null, customer };
  const method = isId('ppm', id) && (await em.findOne(PaymentMethod, which, { populate: ['customer'] }));
  if (!method) throw notFound('payment method', 'paymentMethodId');
  return method;
}
