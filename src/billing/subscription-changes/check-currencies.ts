import { badInput } from '../../errors.ts';
import type { Price } from '../catalog/price.entity.ts';
import { sharedCurrencies } from '../pricing/shared-currencies.ts';
import type { AskedItem } from './asked-items.ts';
import type { ItemAfter } from './change-items.ts';

/**
 * All that a subscription bills is in one currency, for as long as it lasts. Which one it is among those of its prices Stripe knows.
 * @throws Refusal BAD_USER_INPUT where there certainly is none.
 */
export function checkCurrencies(before: Price[], after: ItemAfter[], asked: AskedItem[]): void {
  if (sharedCurrencies([...before, ...after.map(({ price }) => price)]).length) return;
  const { plan, at } = asked.find(({ input }) => input.priceId != null) ?? asked[0]!;
  throw badInput(
    'All prices of a subscription have one currency. Use a price in the currency of the others.',
    plan == null ? `${at}priceId` : `${at}plan`,
  );
}
