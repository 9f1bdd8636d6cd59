import type { EntityManager } from '@mikro-orm/core';
import { Price } from '../catalog/price.entity.ts';
import { badInput, forbidden, notFound } from '../errors.ts';
import { isId } from '../ids.ts';
import { findSettings } from '../projects/find-settings.ts';
import { Plan } from '../projects/plan.entity.ts';
import type { Tenant } from '../tenant.ts';
import type { CheckoutMode } from './checkout-session.entity.ts';

type Choice = {
  mode: CheckoutMode;
  priceId?: string | null;
  plan?: string | null;
  /** Whether a customer token asks: it may name a plan, or a price that is published for self-service, and no other. */
  bySelfService: boolean;
};

type Side = Pick<Tenant, 'projectId' | 'environment'>;

/**
 * What is sold: the price or plan that is named, or the project's default plan. Null in mode SETUP.
 * @throws Refusal NOT_FOUND; FORBIDDEN for a price that a customer token may not name; BAD_USER_INPUT for one that is archived or
 * does not fit the mode, and where nothing is named and there is no default plan.
 */
export async function choosePrice({ em }: { em: EntityManager }, side: Side, choice: Choice): Promise<Price | null> {
  if (choice.mode === 'SETUP') return null;
  const field = choice.priceId != null ? 'priceId' : 'plan';
  const price =
    choice.priceId != null ? await namedPrice({ em }, side, choice) : await plannedPrice({ em }, side, choice);
  if (!price.active || !price.product.active)
    throw badInput(`This ${field === 'plan' ? "plan's price" : 'price'} is archived. Use an active one.`, field);
  if (choice.mode === 'SUBSCRIPTION' && price.type === 'ONE_TIME')
    throw badInput('This price is paid once. Use mode PAYMENT, or a recurring price.', field);
  if (choice.mode === 'PAYMENT' && price.type === 'RECURRING')
    throw badInput('This price recurs. Use mode SUBSCRIPTION, or a one-time price.', field);
  return price;
}

async function namedPrice(
  { em }: { em: EntityManager },
  side: Side,
  { priceId, bySelfService }: Choice,
): Promise<Price> {
  const id = priceId!;
  const price = isId('pri', id) ? await em.findOne(Price, { id, ...sideOf(side) }, { populate: ['product'] }) : null;
  // One answer for every other price: which ids exist is not a browser's to find out.
  if (bySelfService && !(price && (await findSettings({ em }, side)).selfServicePriceIds.includes(price.id)))
    throw forbidden('A customer token checks out a plan, or a price that the project publishes for self-service.');
  if (!price) throw notFound('price', 'priceId');
  return price;
}

async function plannedPrice({ em }: { em: EntityManager }, side: Side, { mode, plan: name }: Choice): Promise<Price> {
  const which = name != null ? { name: name.replaceAll('\0', '') } : { isDefault: true };
  const plan = await em.findOne(Plan, { ...sideOf(side), ...which }, { populate: ['price.product'] });
  if (plan) return plan.price;
  if (name != null) throw notFound('plan', 'plan');
  throw badInput(`Mode ${mode} needs a price or a plan: the project has no default plan.`, 'priceId');
}

const sideOf = ({ projectId, environment }: Side) => ({ projectId, environment });
