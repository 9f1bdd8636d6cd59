import type { EntityManager } from '@mikro-orm/core';
import { Price } from '../../billing/catalog/price.entity.ts';
import { badInput, forbidden, notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Tenant } from '../../tenant.ts';
import { findSettings } from './find-settings.ts';
import { Plan } from './plan.entity.ts';

type Side = Pick<Tenant, 'projectId' | 'environment'>;

/** What a call names: a price by its id, a plan by its name, or neither. */
export type Naming = {
  priceId?: string | null | undefined;
  plan?: string | null | undefined;
  /** Where the input says it: a path that ends in a dot, or nothing. */
  at: string;
};

/**
 * The prices that a call names, with their products and in its order; null where it names none. However many they are, they are looked up at once. A
 * customer token names what the project sells by itself: its plans, by name or by their price, and the prices of self-service.
 * @throws Refusal NOT_FOUND with the field; FORBIDDEN for any other price that a customer token names; BAD_USER_INPUT for one that is archived.
 */
export async function findSoldPrices(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  naming: Naming[],
  { bySelfService }: { bySelfService: boolean },
): Promise<(Price | null)[]> {
  const side = { projectId, environment };
  const ids = naming.flatMap(({ priceId }) => (priceId != null && isId('pri', priceId) ? priceId : []));
  const names = naming.flatMap(({ plan }) => plan?.replaceAll('\0', '') ?? []);
  const mayNameIds = bySelfService && naming.some(({ priceId }) => priceId != null);
  const sold = mayNameIds ? await soldIds({ em }, side) : null;
  const prices = ids.length ? await em.find(Price, { id: { $in: ids }, ...side }, { populate: ['product'] }) : [];
  const plans = names.length
    ? await em.find(Plan, { name: { $in: names }, ...side }, { populate: ['price.product'] })
    : [];
  return naming.map(({ priceId, plan: name, at }) => {
    if (name != null) {
      const plan = plans.find((plan) => plan.name === name);
      if (!plan) throw notFound('plan', `${at}plan`);
      return usable(plan.price, `${at}plan`);
    }
    if (priceId == null) return null;
    const price = prices.find(({ id }) => id === priceId);
    // One answer for every other price: which ids exist is not a browser's to find out.
    if (sold && !(price && sold.has(price.id)))
      throw forbidden('A customer token chooses among the plans and the self-service prices of the project.');
    if (!price) throw notFound('price', `${at}priceId`);
    return usable(price, `${at}priceId`);
  });
}

async function soldIds({ em }: { em: EntityManager }, side: Side): Promise<Set<string>> {
  const plans = await em.find(Plan, side);
  const { selfServicePriceIds } = await findSettings({ em }, side);
  return new Set([...plans.map(({ price }) => price.id), ...selfServicePriceIds]);
}

/** @throws Refusal BAD_USER_INPUT with the field, for what nobody sells any more. */
export function usable(price: Price, field: string): Price {
  if (price.active && price.product.active) return price;
  throw badInput(`This ${field.endsWith('plan') ? "plan's price" : 'price'} is archived. Use an active one.`, field);
}
