import type { EntityManager } from '@mikro-orm/core';
import { notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Tenant } from '../../tenant.ts';
import { Customer } from './customer.entity.ts';

/**
 * The customer that an input names, if the tenant has it and Stripe knows it.
 * @throws Refusal NOT_FOUND.
 */
export async function findCustomer(
  { em }: { em: EntityManager },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  id: string,
): Promise<Customer> {
  const visible = { stripeCustomerId: { $ne: null }, deletedAt: null };
  const customer = isId('pc', id) && (await em.findOne(Customer, { id, projectId, environment, ...visible }));
  if (!customer) throw notFound('customer', 'customerId');
  return customer;
}
