import type { Stored } from '../objects.ts';

/** An amount of minor units, for people: `$15.00`. */
export function moneyLabel(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits!);
}

/** A price, for people: `$15.00 / month`, `$9.00 every 3 months`, `$5.00`. */
export function priceLabel({
  currency,
  recurring,
  unit_amount,
  unit_amount_decimal,
  tiers_mode,
}: Stored<'price'>): string {
  const amount = tiers_mode ? 'tiered price' : moneyLabel(unit_amount ?? Number(unit_amount_decimal ?? 0), currency);
  if (!recurring) return amount;
  const { interval, interval_count } = recurring;
  return interval_count === 1 ? `${amount} / ${interval}` : `${amount} every ${interval_count} ${interval}s`;
}
