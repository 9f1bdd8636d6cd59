import { publish } from '../../reader/publish.ts';
import { viewCurrencyOptions, viewTiers } from '../pricing/view-amounts.ts';
import { Price } from './price.entity.ts';
import { PriceType } from './price.type.ts';

export const publishedPrice = publish(PriceType, Price, (from) => ({
  unitAmount: from.columns(['unitAmount', 'currency'], ({ unitAmount, currency }) =>
    unitAmount === null ? null : { amount: unitAmount, currency },
  ),
  unitAmountDecimal: from.columns(['unitAmountDecimal'], ({ unitAmountDecimal }) =>
    unitAmountDecimal === null ? null : withoutTrailingZeros(unitAmountDecimal),
  ),
  billingScheme: from.columns(['tiersMode'], ({ tiersMode }) => (tiersMode ? 'TIERED' : 'PER_UNIT')),
  tiers: from.columns(['tiers', 'currency'], ({ tiers, currency }) => viewTiers(tiers, currency)),
  currencyOptions: from.columns(['currencyOptions'], ({ currencyOptions }) => viewCurrencyOptions(currencyOptions)),
  recurring: from.columns(
    ['recurringInterval', 'recurringIntervalCount', 'stripeMeterId'],
    ({ recurringInterval: interval, recurringIntervalCount: intervalCount, stripeMeterId }) =>
      interval && intervalCount ? { interval, intervalCount, stripeMeterId } : null,
  ),
}));

/** The column answers all its twelve decimals: `0.500000000000` is `0.5`, `1990.000000000000` is `1990`. */
const withoutTrailingZeros = (decimal: string) => decimal.replace(/\.?0+$/, '');
