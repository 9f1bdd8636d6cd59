import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { nested } from '../wire/parameters.ts';
import { newAmounts, type PriceInput } from './price-amounts.ts';

/** Adds a price; the caller says so by `price.created`. `param` names the hash the input comes from. */
export async function newPrice(
  tx: AccountTransaction,
  input: PriceInput,
  product: Stored<'product'>,
  param: string,
): Promise<Stored<'price'>> {
  const amounts = newAmounts(input, param);
  const { recurring } = input;
  if (recurring?.meter) await tx.refer('billing.meter', recurring.meter, nested(param, 'recurring[meter]'));
  return tx.add<Stored<'price'>>({
    id: newId('price_1'),
    object: 'price',
    active: input.active ?? true,
    billing_scheme: input.billing_scheme ?? 'per_unit',
    created: tx.now,
    currency: input.currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: mergeMetadata({}, input.metadata),
    nickname: input.nickname ?? null,
    product: product.id,
    recurring: recurring
      ? {
          interval: recurring.interval,
          interval_count: recurring.interval_count ?? 1,
          meter: recurring.meter ?? null,
          trial_period_days: recurring.trial_period_days ?? null,
          usage_type: recurring.usage_type ?? 'licensed',
        }
      : null,
    tax_behavior: input.tax_behavior ?? 'unspecified',
    tiers_mode: input.tiers_mode ?? null,
    transform_quantity: input.transform_quantity ?? null,
    type: recurring ? 'recurring' : 'one_time',
    ...amounts,
  });
}
