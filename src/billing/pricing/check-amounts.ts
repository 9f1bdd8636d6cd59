import { checkSteps } from '../../check-input.ts';
import { badInput } from '../../errors.ts';
import { largestAmount } from '../../minor-units.ts';

/** What a unit costs: exactly one of the two. In minor units. */
export type UnitInput = { unitAmount?: bigint | null; unitAmountDecimal?: string | null };
export type TierInput = UnitInput & {
  /** The last unit of the tier; null for the last tier. */
  upTo?: bigint | null;
  flatAmount?: bigint | null;
  flatAmountDecimal?: string | null;
};
export type AmountsInput = UnitInput & { tiers?: TierInput[] | null };
export type OptionInput = AmountsInput & { currency: string };

/** Which price the amounts are for. */
export type Scheme = { currency: string; isTiered: boolean };

/** The same in Stripe's words. */
export type StripeTier = { up_to: number | 'inf'; unit_amount_decimal?: string; flat_amount_decimal?: string };
export type StripeAmounts = { unit_amount_decimal: string } | { tiers: StripeTier[] };

const largestQuantity = 99_999_999_999n;
const mostTiers = 100;

/**
 * What a price costs in one currency, in Stripe's words.
 * @param at where in the input the amounts are: `currencyOptions.0.`
 * @throws Refusal BAD_USER_INPUT with the field.
 */
export function checkAmounts(input: AmountsInput, { currency, isTiered }: Scheme, at = ''): StripeAmounts {
  const { unitAmount, unitAmountDecimal, tiers } = input;
  if (!isTiered) {
    if (tiers != null) throw badInput('A price that is not TIERED has no tiers.', `${at}tiers`);
    const amount = checkAmount({ unitAmount, unitAmountDecimal }, currency, { at });
    if (amount === undefined) throw badInput('Give one of unitAmount and unitAmountDecimal.', `${at}unitAmount`);
    return { unit_amount_decimal: amount };
  }
  if (unitAmount != null || unitAmountDecimal != null)
    throw badInput(
      'What a unit of a TIERED price costs is said by its tiers.',
      `${at}${unitAmount == null ? 'unitAmountDecimal' : 'unitAmount'}`,
    );
  return { tiers: checkTiers(tiers ?? [], currency, `${at}tiers`) };
}

/**
 * What a price costs in other currencies, by Stripe's name of each.
 * @throws Refusal BAD_USER_INPUT with the field.
 */
export function checkCurrencyOptions(options: OptionInput[], price: Scheme): Record<string, StripeAmounts> {
  const checked: Record<string, StripeAmounts> = {};
  for (const [index, option] of options.entries()) {
    const at = `currencyOptions.${index}.`;
    const name = option.currency.toLowerCase();
    if (option.currency === price.currency)
      throw badInput('This is the currency of the price itself. Leave it out here.', `${at}currency`);
    if (name in checked) throw badInput('This currency is named twice.', `${at}currency`);
    checked[name] = checkAmounts(option, { ...price, currency: option.currency }, at);
  }
  return checked;
}

function checkTiers(tiers: TierInput[], currency: string, field: string): StripeTier[] {
  if (!tiers.length || tiers.length > mostTiers) throw badInput(`A TIERED price has 1 to ${mostTiers} tiers.`, field);
  return tiers.map((tier, index) => {
    const at = `${field}.${index}.`;
    const upTo = checkEnd(tiers, index, `${at}upTo`);
    const unit = checkAmount(tier, currency, { at });
    const { flatAmount: unitAmount, flatAmountDecimal: unitAmountDecimal } = tier;
    const flat = checkAmount({ unitAmount, unitAmountDecimal }, currency, { at, name: 'flatAmount' });
    if (unit === undefined && flat === undefined)
      throw badInput('A tier has an amount for each unit, a flat one, or both: 0 where it is free.', `${at}unitAmount`);
    return {
      up_to: upTo,
      ...(unit === undefined ? {} : { unit_amount_decimal: unit }),
      ...(flat === undefined ? {} : { flat_amount_decimal: flat }),
    };
  });
}

function checkEnd(tiers: TierInput[], index: number, field: string): number | 'inf' {
  const isLast = index === tiers.length - 1;
  const end = tiers[index]!.upTo ?? null;
  if (isLast !== (end === null))
    throw badInput('The last tier, and no other, is without an end: leave its upTo out.', field);
  if (end === null) return 'inf';
  const before = tiers[index - 1]?.upTo ?? 0n;
  if (end <= before || end > largestQuantity)
    throw badInput(`The tier must end above ${before}, and at ${largestQuantity} at most.`, field);
  return Number(end);
}

/** @returns the amount as a decimal of minor units; undefined where none is given. */
function checkAmount(
  { unitAmount: whole, unitAmountDecimal: decimal }: UnitInput,
  currency: string,
  { at, name = 'unitAmount' }: { at: string; name?: string },
): string | undefined {
  if (whole != null && decimal != null)
    throw badInput(`Give one of ${name} and ${name}Decimal, and not both.`, `${at}${name}`);
  const amount = whole == null ? decimal : String(whole);
  if (amount == null) return undefined;
  const field = `${at}${name}${whole == null ? 'Decimal' : ''}`;
  if (!/^\d{1,8}(\.\d{1,12})?$/.test(amount) || Number(amount) > largestAmount)
    throw badInput('An amount is 0 to 99,999,999 minor units; a decimal one has up to 12 decimals.', field);
  // What is below a minor unit is rounded by Stripe when it is billed, with the quantity.
  const [integer, fraction = ''] = amount.split('.');
  if (/^0*$/.test(fraction)) checkSteps(BigInt(integer!), currency, field);
  return amount;
}
