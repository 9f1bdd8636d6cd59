import type { Stored } from '../objects.ts';
import type { InvoiceLine } from './invoice-line.ts';

type Invoice = Stored<'invoice'>;

/** The sums of an invoice that is still a draft; what the customer's balance does to them is settled when it is finalised. */
export function invoiceTotals(lines: InvoiceLine[], startingBalance: number) {
  const subtotal = sum(lines.map(({ amount }) => amount));
  const discounts = Map.groupBy(
    lines.flatMap(({ discount_amounts }) => discount_amounts ?? []),
    ({ discount }) => discount,
  );
  const total_discount_amounts = [...discounts].map(([discount, amounts]) => ({
    amount: sum(amounts.map(({ amount }) => amount)),
    discount,
  }));
  const beforeTax = subtotal - sum(total_discount_amounts.map(({ amount }) => amount));
  const taxes = lines.flatMap((line) => line.taxes ?? []);
  const total_taxes = taxes[0]
    ? [
        {
          ...taxes[0],
          amount: sum(taxes.map(({ amount }) => amount)),
          taxable_amount: sum(taxes.map(({ taxable_amount }) => taxable_amount ?? 0)),
        },
      ]
    : [];
  const total = beforeTax + sum(total_taxes.map(({ amount }) => amount));
  const due = Math.max(0, total + startingBalance);
  return {
    amount_due: due,
    amount_remaining: due,
    starting_balance: startingBalance,
    subtotal,
    subtotal_excluding_tax: subtotal,
    total,
    total_discount_amounts,
    total_excluding_tax: beforeTax,
    total_taxes,
    total_pretax_credit_amounts: total_discount_amounts.map((discount) => ({ ...discount, type: 'discount' as const })),
  } satisfies Partial<Invoice>;
}

function sum(amounts: number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
