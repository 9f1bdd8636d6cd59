import type { EntityManager } from '@mikro-orm/core';
import { Price } from '../catalog/price.entity.ts';
import { badInput, forbidden, notFound } from '../errors.ts';
import { isId } from '../ids.ts';
import { findOfferedPrices } from '../projects/find-offered-prices.ts';
import { Plan } from '../projects/plan.entity.ts';
import type { Tenant } from '../tenant.ts';

type Side = Pick<Tenant, 'projectId' | 'environment'>;

type Choice = {
  priceId?: string | null | undefined;
  /** A plan's name, instead of a price. */
  plan?: string | null | undefined;
  /** What is billed now: it stays where neither is named. */
  current: Price | undefined;
  ownCustomerId: string | null;
  /** Where the input says it: a path that ends in a dot, or nothing. */
  at: string;
};

/**
 * The price that an item bills after a change. A customer has the choice of what the project offers: see findOfferedPrices.
 * @throws Refusal NOT_FOUND; FORBIDDEN for any other price that a customer names or keeps; BAD_USER_INPUT for one that is archived or paid once.
 */
export async function choosePrice(
  { em }: { em: EntityManager },
  side: Side,
  { current, ownCustomerId, ...choice }: Choice,
): Promise<Price> {
  const bySelfService = ownCustomerId !== null;
  if (bySelfService && choice.plan == null) await refuseOthers({ em }, side, choice.priceId ?? current?.id);
  const price = await namedPrice({ em }, side, choice);
  if (bySelfService && choice.plan != null) await refuseOthers({ em }, side, price?.id);
  if (price) return price;
  if (!current) throw badInput('Say what is added.', `${choice.at}priceId`);
  return current;
}

async function namedPrice(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  { priceId, plan: name, at }: Pick<Choice, 'priceId' | 'plan' | 'at'>,
): Promise<Price | null> {
  const side = { projectId, environment };
  if (name != null) {
    const plan = await em.findOne(Plan, { ...side, name: name.replaceAll('\0', '') }, { populate: ['price.product'] });
    if (!plan) throw notFound('plan', `${at}plan`);
    return usable(plan.price, `${at}plan`);
  }
  if (priceId == null) return null;
  const price = isId('pri', priceId)
    ? await em.findOne(Price, { id: priceId, ...side }, { populate: ['product'] })
    : null;
  if (!price) throw notFound('price', `${at}priceId`);
  return usable(price, `${at}priceId`);
}

function usable(price: Price, field: string): Price {
  if (!price.active || !price.product.active)
    throw badInput(`This ${field.endsWith('plan') ? "plan's price" : 'price'} is archived. Use an active one.`, field);
  if (price.type !== 'RECURRING') throw badInput('This price is paid once. Use a recurring price.', field);
  return price;
}

/** One answer for every other price: which ids exist is not a browser's to find out. */
async function refuseOthers({ em }: { em: EntityManager }, side: Side, id: string | undefined): Promise<void> {
  const offered = await findOfferedPrices({ em }, side);
  if (!offered.some((price) => price.id === id))
    throw forbidden('A customer token chooses among the plans and the self-service prices of the project.');
}
