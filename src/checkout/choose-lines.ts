import type { EntityManager } from '@mikro-orm/core';
import { Price } from '../catalog/price.entity.ts';
import { badInput, forbidden, notFound } from '../errors.ts';
import { isId } from '../ids.ts';
import { findSettings } from '../projects/find-settings.ts';
import { Plan } from '../projects/plan.entity.ts';
import type { Tenant } from '../tenant.ts';
import type { AdjustableQuantity, NewCheckoutSession } from './new-checkout-session.ts';

export type Line = {
  price: Price;
  /** Null for a metered price: what is used is charged. */
  quantity: number | null;
  adjustable: AdjustableQuantity | null;
};

type Side = Pick<Tenant, 'projectId' | 'environment'>;
/** A line as it was asked for, with the fields that its faults are told of. */
type Asked = Pick<Line, 'price' | 'adjustable'> & { quantity: number | null | undefined; field: string; at: string };

/** Stripe's: of each kind, in mode SUBSCRIPTION. */
const mostOfAKind = 20;

/**
 * What is sold: the line items, price or plan that are named, or the project's default plan. Nothing in mode SETUP.
 * @throws Refusal NOT_FOUND; FORBIDDEN for a price that a customer token may not name; BAD_USER_INPUT for one that is archived or
 * does not fit the mode or the others, and where nothing is named and there is no default plan.
 */
export async function chooseLines(
  tools: { em: EntityManager },
  side: Side,
  input: Pick<NewCheckoutSession, 'mode' | 'priceId' | 'plan' | 'quantity' | 'lineItems' | 'bySelfService'>,
): Promise<Line[]> {
  const { mode, priceId, quantity, lineItems } = input;
  if (mode === 'SETUP') return [];
  const asked = lineItems
    ? await namedLines(tools, side, { ...input, lineItems })
    : priceId != null
      ? [{ ...(await namedPrice(tools, side, { ...input, priceId, field: 'priceId' })), quantity }]
      : [{ price: await plannedPrice(tools, side, input), field: 'plan', at: '', adjustable: null, quantity }];
  for (const line of asked) checkLine(line, input);
  checkTogether(asked, input);
  return asked.map(({ price, quantity, adjustable }) => ({
    price,
    quantity: price.usageType === 'METERED' ? null : (quantity ?? 1),
    adjustable,
  }));
}

type Naming = Pick<NewCheckoutSession, 'bySelfService'> & { priceId: string; field: string };

async function namedLines(
  tools: { em: EntityManager },
  side: Side,
  {
    lineItems,
    bySelfService,
  }: Pick<NewCheckoutSession, 'bySelfService'> & { lineItems: NewCheckoutSession['lineItems'] & {} },
): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const [index, { priceId, quantity, adjustableQuantity = null }] of lineItems.entries()) {
    const at = `lineItems.${index}.`;
    const named = await namedPrice(tools, side, { priceId, bySelfService, field: `${at}priceId` });
    asked.push({ ...named, at, quantity, adjustable: adjustableQuantity });
  }
  return asked;
}

async function namedPrice({ em }: { em: EntityManager }, side: Side, { priceId: id, bySelfService, field }: Naming) {
  const price = isId('pri', id) ? await em.findOne(Price, { id, ...sideOf(side) }, { populate: ['product'] }) : null;
  // One answer for every other price: which ids exist is not a browser's to find out.
  if (bySelfService && !(price && (await findSettings({ em }, side)).selfServicePriceIds.includes(price.id)))
    throw forbidden('A customer token checks out a plan, or a price that the project publishes for self-service.');
  if (!price) throw notFound('price', field);
  return { price, field, at: '', adjustable: null };
}

async function plannedPrice(
  { em }: { em: EntityManager },
  side: Side,
  { mode, plan: name }: Pick<NewCheckoutSession, 'mode' | 'plan'>,
): Promise<Price> {
  const which = name != null ? { name: name.replaceAll('\0', '') } : { isDefault: true };
  const plan = await em.findOne(Plan, { ...sideOf(side), ...which }, { populate: ['price.product'] });
  if (plan) return plan.price;
  if (name != null) throw notFound('plan', 'plan');
  throw badInput(`Mode ${mode} needs a price or a plan: the project has no default plan.`, 'priceId');
}

const sideOf = ({ projectId, environment }: Side) => ({ projectId, environment });

function checkLine(
  { price, quantity, adjustable, field, at }: Asked,
  { mode, lineItems }: Pick<NewCheckoutSession, 'mode' | 'lineItems'>,
): void {
  if (!price.active || !price.product.active)
    throw badInput(`This ${field === 'plan' ? "plan's price" : 'price'} is archived. Use an active one.`, field);
  if (mode === 'SUBSCRIPTION' && price.type === 'ONE_TIME' && !lineItems)
    throw badInput('This price is paid once. Use mode PAYMENT, or a recurring price.', field);
  if (mode === 'PAYMENT' && price.type === 'RECURRING')
    throw badInput('This price recurs. Use mode SUBSCRIPTION, or a one-time price.', field);
  if (price.usageType !== 'METERED') return;
  if (quantity != null)
    throw badInput('This price is metered: what is used is charged. Leave the quantity out.', `${at}quantity`);
  if (adjustable)
    throw badInput('This price is metered: the buyer has no quantity to choose.', `${at}adjustableQuantity`);
}

/** What Stripe sells on one page. */
function checkTogether(lines: Asked[], { mode }: Pick<NewCheckoutSession, 'mode'>): void {
  const [first] = lines;
  const recurring = lines.filter(({ price }) => price.type === 'RECURRING');
  if (mode === 'SUBSCRIPTION' && !recurring.length)
    throw badInput('Each of these prices is paid once. Add a recurring one, or use mode PAYMENT.', 'lineItems');
  if (mode === 'SUBSCRIPTION' && Math.max(recurring.length, lines.length - recurring.length) > mostOfAKind)
    throw badInput('A subscription begins with at most 20 recurring and 20 one-time prices.', 'lineItems');
  const foreign = lines.find(({ price }) => price.currency !== first!.price.currency);
  if (foreign)
    throw badInput(
      `This price is in ${foreign.price.currency}, and the first one in ${first!.price.currency}. Sell in one currency.`,
      foreign.field,
    );
  const [rhythm] = recurring;
  const other = recurring.find(({ price }) => intervalOf(price) !== intervalOf(rhythm!.price));
  if (other)
    throw badInput(
      'This price recurs at another interval than the first one. Sell prices of one interval, or open another session.',
      other.field,
    );
}

const intervalOf = ({ recurringInterval, recurringIntervalCount }: Price) =>
  `${recurringIntervalCount} ${recurringInterval}`;
