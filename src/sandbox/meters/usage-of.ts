import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

interface Period {
  start: number;
  end: number;
}

/** What a customer used of a metered price in a period, its end excluded: whole units, as Stripe bills them. */
export async function usageOf(
  tx: AccountTransaction,
  price: Stored<'price'>,
  customer: string,
  period: Period,
): Promise<number> {
  const meter = price.recurring?.meter ? await tx.find('billing.meter', price.recurring.meter) : undefined;
  if (!meter) return 0;
  const total = aggregate(meter, await meterEvents(tx, meter.id, customer, period));
  return Math.max(0, Math.round(total));
}

/** The events of a customer that count, in the order of their time. */
export async function meterEvents(tx: AccountTransaction, meter: string, customer: string, { start, end }: Period) {
  const events = await tx.all('billing.meter_event', { customer, meter });
  return events
    .filter(({ timestamp, canceled }) => !canceled && timestamp >= start && timestamp < end)
    .reverse()
    .sort((a, b) => a.timestamp - b.timestamp);
}

export function aggregate(meter: Stored<'billing.meter'>, events: Stored<'billing.meter_event'>[]): number {
  const { formula } = meter.default_aggregation;
  if (formula === 'count') return events.length;
  if (formula === 'last') return events.at(-1)?.value ?? 0;
  return events.reduce((sum, { value }) => sum + value, 0);
}
