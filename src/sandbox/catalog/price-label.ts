import type { Stored } from '../objects.ts';
import { priceIn } from './price-in.ts';

/** An amount of minor units, for people: `$15.00`. */
export function moneyLabel(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits!);
}

/** A price, for people: `$15.00 / month`, `$9.00 every 3 months`, `$5.00`. In a currency that it has. */
export function priceLabel(price: Stored<'price'>, currency = price.currency): string {
  const { recurring, unit_amount, unit_amount_decimal, tiers_mode } = priceIn(price, currency);
  const amount = tiers_mode ? 'tiered price' : moneyLabel(unit_amount ?? Number(unit_amount_decimal ?? 0), currency);
  if (!recurring) return amount;
  const { interval, interval_count } = recurring;
  return interval_count === 1 ? `${amount} / ${interval}` : `${amount} every ${interval_count} ${interval}s`;
}
