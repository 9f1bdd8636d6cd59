import type { Money } from '../../graphql/money.type.ts';
import type { CurrencyOption, Tier } from '../catalog/price-amounts.ts';
import type { CurrencyOptionType, PriceTierType } from './amounts.type.ts';

export const viewTiers = (tiers: Tier[] | null, currency: string): PriceTierType[] =>
  (tiers ?? []).map(({ upTo, unitAmountDecimal, flatAmountDecimal }) => ({
    upTo: upTo === null ? null : BigInt(upTo),
    unitAmount: wholeAmount(unitAmountDecimal, currency),
    unitAmountDecimal,
    flatAmount: wholeAmount(flatAmountDecimal, currency),
    flatAmountDecimal,
  }));

export const viewCurrencyOptions = (options: CurrencyOption[]): CurrencyOptionType[] =>
  options.map(({ currency, unitAmountDecimal, tiers }) => ({
    currency,
    unitAmount: wholeAmount(unitAmountDecimal, currency),
    unitAmountDecimal,
    tiers: viewTiers(tiers, currency),
  }));

/** An amount of whole minor units; null for one with a fraction. */
function wholeAmount(decimal: string | null, currency: string): Money | null {
  return decimal !== null && /^\d+$/.test(decimal) ? { amount: BigInt(decimal), currency } : null;
}
