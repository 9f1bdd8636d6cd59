import type Stripe from 'stripe';
import { badInput } from '../../errors.ts';
import { partsWith } from '../../ingestion/mirror/retrieve-price.ts';
import { routingMetadata, type Tenant } from '../../tenant.ts';
import type { Price } from '../catalog/price.entity.ts';
import type { AmountChange } from './change-price-amount.ts';
import { checkAmounts, checkCurrencyOptions, type StripeAmounts } from './check-amounts.ts';

/**
 * What Stripe is asked for: a price that is the old one but for its amounts.
 * @param price.old our row; `shown` is the same in Stripe, with its product, tiers and other currencies.
 * @throws Refusal BAD_USER_INPUT with the field.
 */
export function newPriceOf(
  input: AmountChange,
  { old, shown, tenant }: { old: Price; shown: Stripe.Price; tenant: Tenant },
) {
  if (shown.custom_unit_amount)
    throw badInput('The payer chooses what this price costs. Make a new price instead.', 'priceId');
  const scheme = { currency: old.currency, isTiered: shown.billing_scheme === 'tiered' };
  const amounts = checkAmounts(input, scheme);
  if ('unit_amount_decimal' in amounts && Number(amounts.unit_amount_decimal) === Number(shown.unit_amount_decimal))
    throw badInput('It costs this already. What it costs in other currencies is changed by updatePrice.', 'unitAmount');
  const others = { ...(input.currencyOptions === null ? {} : optionsOf(shown)) };
  for (const [name, amounts] of Object.entries(checkCurrencyOptions(input.currencyOptions ?? [], scheme))) {
    // What it costs changes, and not whether that holds the tax.
    const { tax_behavior } = others[name] ?? {};
    others[name] = { ...amounts, ...(tax_behavior ? { tax_behavior } : {}) };
  }
  const { currency, recurring, nickname, tax_behavior, transform_quantity, lookup_key, tiers_mode } = shown;
  const parameters = {
    product: (shown.product as Stripe.Product).id,
    currency,
    ...amounts,
    ...(scheme.isTiered ? { billing_scheme: 'tiered', tiers_mode } : {}),
    ...(Object.keys(others).length ? { currency_options: others } : {}),
    ...(recurring ? { recurring: withoutNulls(recurring) } : {}),
    ...(nickname ? { nickname } : {}),
    ...(tax_behavior ? { tax_behavior } : {}),
    ...(transform_quantity ? { transform_quantity: { ...transform_quantity } } : {}),
    ...(lookup_key ? { lookup_key, transfer_lookup_key: true } : {}),
    metadata: { ...shown.metadata, ...routingMetadata(tenant) },
    expand: partsWith(Object.keys(others), scheme),
  };
  return { parameters };
}

type Options = Record<string, StripeAmounts & { tax_behavior?: string }>;

/** The other currencies, as they are asked for. */
function optionsOf({ currency, currency_options }: Stripe.Price): Options {
  const others = Object.entries(currency_options ?? {}).filter(([name]) => name !== currency);
  return Object.fromEntries(
    others.map(([name, { unit_amount_decimal, tiers, tax_behavior }]) => {
      const amounts = tiers ? { tiers: tiers.map(tierOf) } : { unit_amount_decimal: String(unit_amount_decimal) };
      return [name, { ...amounts, ...(tax_behavior ? { tax_behavior } : {}) }];
    }),
  );
}

const tierOf = ({ up_to, unit_amount_decimal, flat_amount_decimal }: Stripe.Price.Tier) => ({
  up_to: up_to ?? ('inf' as const),
  ...(unit_amount_decimal === null ? {} : { unit_amount_decimal: String(unit_amount_decimal) }),
  ...(flat_amount_decimal === null ? {} : { flat_amount_decimal: String(flat_amount_decimal) }),
});

const withoutNulls = (values: object) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
