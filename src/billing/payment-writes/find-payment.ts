import type { EntityManager } from '@mikro-orm/core';
import { notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Tenant } from '../../tenant.ts';
import { Payment } from '../payments/payment.entity.ts';

/** @throws Refusal NOT_FOUND where the tenant has no payment with this id. */
export async function findPayment(
  { em }: { em: EntityManager },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  id: string,
): Promise<Payment> {
  const payment = isId('pay', id) && (await em.findOne(Payment, { id, projectId, environment }));
  if (!payment) throw notFound('payment', 'paymentId');
  return payment;
}
