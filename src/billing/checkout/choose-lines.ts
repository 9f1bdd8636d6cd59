import type { EntityManager } from '@mikro-orm/core';
import { badInput } from '../../errors.ts';
import { findSoldPrices, usable } from '../../tenancy/projects/find-sold-prices.ts';
import { Plan } from '../../tenancy/projects/plan.entity.ts';
import type { Tenant } from '../../tenant.ts';
import type { Price } from '../catalog/price.entity.ts';
import { sharedCurrencies } from '../pricing/shared-currencies.ts';
import type { AdjustableQuantity, LineItem, NewCheckoutSession } from './new-checkout-session.ts';

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
  input: Pick<
    NewCheckoutSession,
    'mode' | 'priceId' | 'plan' | 'quantity' | 'lineItems' | 'currency' | 'bySelfService'
  >,
): Promise<Line[]> {
  const { mode, quantity, lineItems } = input;
  if (mode === 'SETUP') return [];
  const asked = lineItems
    ? await namedLines(tools, side, { ...input, lineItems })
    : [{ ...(await onlyPrice(tools, side, input)), at: '', adjustable: null, quantity }];
  for (const line of asked) checkLine(line, input);
  checkTogether(asked, input);
  return asked.map(({ price, quantity, adjustable }) => ({
    price,
    quantity: price.usageType === 'METERED' ? null : (quantity ?? 1),
    adjustable,
  }));
}

async function namedLines(
  tools: { em: EntityManager },
  side: Side,
  { lineItems, bySelfService }: { lineItems: LineItem[]; bySelfService: boolean },
): Promise<Asked[]> {
  const naming = lineItems.map(({ priceId }, index) => ({ priceId, at: `lineItems.${index}.` }));
  const prices = await findSoldPrices(tools, side, naming, { bySelfService });
  return lineItems.map(({ quantity, adjustableQuantity = null }, index) => {
    const { at } = naming[index]!;
    return { price: prices[index]!, field: `${at}priceId`, at, quantity, adjustable: adjustableQuantity };
  });
}

/** The price or plan that is named, or the default plan. */
async function onlyPrice(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  { mode, priceId, plan, bySelfService }: Pick<NewCheckoutSession, 'mode' | 'priceId' | 'plan' | 'bySelfService'>,
): Promise<Pick<Asked, 'price' | 'field'>> {
  const side = { projectId, environment };
  const field = priceId == null ? 'plan' : 'priceId';
  const [named] = await findSoldPrices({ em }, side, [{ priceId, plan, at: '' }], { bySelfService });
  if (named) return { price: named, field };
  const standard = await em.findOne(Plan, { ...side, isDefault: true }, { populate: ['price.product'] });
  if (standard) return { price: usable(standard.price, field), field };
  throw badInput(`Mode ${mode} needs a price or a plan: the project has no default plan.`, 'priceId');
}

function checkLine(
  { price, quantity, adjustable, field, at }: Asked,
  { mode, lineItems }: Pick<NewCheckoutSession, 'mode' | 'lineItems'>,
): void {
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
function checkTogether(lines: Asked[], { mode, currency }: Pick<NewCheckoutSession, 'mode' | 'currency'>): void {
  const recurring = lines.filter(({ price }) => price.type === 'RECURRING');
  if (mode === 'SUBSCRIPTION' && !recurring.length)
    throw badInput('Each of these prices is paid once. Add a recurring one, or use mode PAYMENT.', 'lineItems');
  if (mode === 'SUBSCRIPTION' && Math.max(recurring.length, lines.length - recurring.length) > mostOfAKind)
    throw badInput('A subscription begins with at most 20 recurring and 20 one-time prices.', 'lineItems');
  const foreign = lines.find((_line, index) => !currenciesOf(lines.slice(0, index + 1)).length);
  if (foreign)
    throw badInput(
      `This price is not sold in ${list.format(currenciesOf(lines.slice(0, lines.indexOf(foreign))))}, as those before it are. Sell in one currency.`,
      foreign.field,
    );
  if (currency != null && !currenciesOf(lines).includes(currency))
    throw badInput(
      `What is sold here has no price in ${currency}: it is sold in ${list.format(currenciesOf(lines))}.`,
      'currency',
    );
  const [rhythm] = recurring;
  const other = recurring.find(({ price }) => intervalOf(price) !== intervalOf(rhythm!.price));
  if (other)
    throw badInput(
      'This price recurs at another interval than the first one. Sell prices of one interval, or open another session.',
      other.field,
    );
}

const currenciesOf = (lines: Asked[]) => sharedCurrencies(lines.map(({ price }) => price));

const list = new Intl.ListFormat('en', { type: 'disjunction' });

const intervalOf = ({ recurringInterval, recurringIntervalCount }: Price) =>
  `${recurringIntervalCount} ${recurringInterval}`;
