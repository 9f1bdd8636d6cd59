import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { missingParameter, nested, type Values } from '../wire/parameters.ts';
import type { priceParameters } from './price-parameters.ts';

type PriceInput = Partial<Values<typeof priceParameters>> & { currency: string };

/** Adds a price; the caller says so by `price.created`. `param` names the hash the input comes from. */
export async function newPrice(
  tx: AccountTransaction,
  input: PriceInput,
  product: Stored<'product'>,
  param: string,
): Promise<Stored<'price'>> {
  refuseOddAmounts(input, param);
  const { recurring } = input;
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
    ...(input.tiers && { tiers: tiers(input.tiers) }),
    tiers_mode: input.tiers_mode ?? null,
    transform_quantity: input.transform_quantity ?? null,
    type: recurring ? 'recurring' : 'one_time',
    ...amounts('unit_amount', input.unit_amount, input.unit_amount_decimal),
  });
}

function refuseOddAmounts(input: PriceInput, param: string) {
  const at = nested(param, 'unit_amount');
  if (input.unit_amount !== undefined && input.unit_amount_decimal !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: unit_amount, unit_amount_decimal.', at);
  }
  if (input.billing_scheme === 'tiered') {
    if (!input.tiers?.length) throw missingParameter('tiers');
    if (!input.tiers_mode) throw missingParameter('tiers_mode');
    if (input.tiers.at(-1)?.up_to !== 'inf')
      throw invalidRequest('The last tier must have `up_to` set to `inf`.', 'tiers');
    return;
  }
  if (input.tiers) throw invalidRequest('`tiers` can only be set when `billing_scheme` is `tiered`.', 'tiers');
  if (input.unit_amount === undefined && input.unit_amount_decimal === undefined) throw missingParameter(at);
}

function tiers(given: NonNullable<PriceInput['tiers']>) {
  return given.map(({ up_to, ...tier }) => ({
    ...amounts('flat_amount', tier.flat_amount, tier.flat_amount_decimal),
    ...amounts('unit_amount', tier.unit_amount, tier.unit_amount_decimal),
    up_to: up_to === 'inf' ? null : up_to,
  }));
}

/** Stripe keeps an amount twice: whole cents, `null` where it has a fraction, and as a decimal. */
function amounts<F extends string>(field: F, whole: number | undefined, decimal: string | undefined) {
  const exact = decimal === undefined ? whole : Number(decimal);
  return {
    [field]: exact !== undefined && Number.isInteger(exact) ? exact : null,
    [`${field}_decimal`]: decimal ?? whole?.toString() ?? null,
  } as { [K in F]: number | null } & { [K in `${F}_decimal`]: string | null };
}
