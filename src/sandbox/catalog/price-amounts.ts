import type Stripe from 'stripe';
import type { Stored, Wire } from '../objects.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { missingParameter, nested, type Values } from '../wire/parameters.ts';
import type { priceParameters } from './price-parameters.ts';

export type PriceInput = Partial<Values<typeof priceParameters>> & { currency: string };
type OptionInput = NonNullable<PriceInput['currency_options']>[string];
type Scheme = Pick<Stored<'price'>, 'currency' | 'billing_scheme'>;
type Options = NonNullable<Stored<'price'>['currency_options']>;

/** What a new price costs, in its own currency and in the others. `param` names the hash the input comes from. */
export function newAmounts(input: PriceInput, param: string) {
  const { currency, billing_scheme = 'per_unit', transform_quantity, tax_behavior = 'unspecified' } = input;
  const scheme: Scheme = { currency, billing_scheme };
  if (billing_scheme === 'tiered' && transform_quantity)
    throw invalidRequest('`transform_quantity` cannot be combined with `tiers`.', nested(param, 'transform_quantity'));
  const own = amountsOf(scheme, input, param);
  if (billing_scheme === 'tiered' && !input.tiers_mode) throw missingParameter(nested(param, 'tiers_mode'));
  const others = optionsOf(scheme, input.currency_options ?? {}, param);
  return { ...own, currency_options: { [currency]: { custom_unit_amount: null, tax_behavior, ...own }, ...others } };
}

/** What a price costs in other currencies than its own. */
export function optionsOf(scheme: Scheme, inputs: Record<string, OptionInput>, param = ''): Options {
  const options = Object.entries(inputs).map(([currency, input]) => {
    const at = `${nested(param, 'currency_options')}[${currency}]`;
    if (currency === scheme.currency) {
      const message =
        'You are specifying an update to a currency option that matches the top-level currency for this price. Please remove this currency option and update the top-level params instead.';
      throw invalidRequest(message, at);
    }
    const { tax_behavior = 'unspecified' } = input;
    return [currency, { custom_unit_amount: null, tax_behavior, ...amountsOf(scheme, input, at) }];
  });
  return Object.fromEntries(options);
}

/** Tiers where they decide, an amount for each unit elsewhere. */
function amountsOf({ billing_scheme }: Scheme, input: OptionInput, param: string) {
  const at = nested(param, 'unit_amount');
  const isGiven = input.unit_amount !== undefined || input.unit_amount_decimal !== undefined;
  if (input.unit_amount !== undefined && input.unit_amount_decimal !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: unit_amount, unit_amount_decimal.', at);
  }
  if (billing_scheme === 'tiered') {
    const tiers = tiersOf(input, nested(param, 'tiers'));
    if (isGiven) throw invalidRequest('`unit_amount` cannot be set when `billing_scheme` is `tiered`.', at);
    return { ...amounts('unit_amount', undefined, undefined), tiers };
  }
  if (input.tiers)
    throw invalidRequest('`tiers` can only be set when `billing_scheme` is `tiered`.', nested(param, 'tiers'));
  if (!isGiven) throw missingParameter(at);
  return amounts('unit_amount', input.unit_amount, input.unit_amount_decimal);
}

function tiersOf({ tiers }: OptionInput, param: string): Wire<Stripe.Price.Tier>[] {
  if (!tiers?.length) throw missingParameter(param);
  if (tiers.at(-1)!.up_to !== 'inf') throw invalidRequest('The last tier must have `up_to` set to `inf`.', param);
  return tiers.map(({ up_to, ...tier }, index) => {
    const before = tiers[index - 1]?.up_to ?? 0;
    if (before === 'inf' || (up_to !== 'inf' && up_to <= before))
      throw invalidRequest('Tiers must be in the order of `up_to`, each above the one before.', `${param}[${index}]`);
    const flat = amounts('flat_amount', tier.flat_amount, tier.flat_amount_decimal);
    const unit = amounts('unit_amount', tier.unit_amount, tier.unit_amount_decimal);
    if (flat.flat_amount_decimal === null && unit.unit_amount_decimal === null)
      throw invalidRequest('Each tier must have a `unit_amount` or a `flat_amount`.', `${param}[${index}]`);
    return { ...flat, ...unit, up_to: up_to === 'inf' ? null : up_to };
  });
}

/** Stripe keeps an amount twice: whole cents, `null` where it has a fraction, and as a decimal. */
function amounts<F extends string>(field: F, whole: number | undefined, decimal: string | undefined) {
  const exact = decimal === undefined ? whole : Number(decimal);
  return {
    [field]: exact !== undefined && Number.isInteger(exact) ? exact : null,
    [`${field}_decimal`]: decimal ?? whole?.toString() ?? null,
  } as { [K in F]: number | null } & { [K in `${F}_decimal`]: string | null };
}
