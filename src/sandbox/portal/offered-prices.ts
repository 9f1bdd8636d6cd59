import { isSoldIn } from '../catalog/price-in.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

/** The prices that a subscription may be switched to: those of the configuration, or every one that would fit. */
export async function offeredPrices(
  tx: AccountTransaction,
  { features }: Stored<'billing_portal.configuration'>,
  { items, currency }: Stored<'subscription'>,
): Promise<Stored<'price'>[]> {
  const { products } = features.subscription_update;
  const named = products?.length ? products.flatMap(({ prices }) => prices) : undefined;
  const prices = await tx.all('price', { active: true, type: 'recurring' });
  const current = items.data[0]!.price;
  const usage = current.recurring?.usage_type;
  return prices.filter(
    (price) =>
      price.id === current.id ||
      (isSoldIn(price, currency) && price.recurring?.usage_type === usage && (named?.includes(price.id) ?? true)),
  );
}
