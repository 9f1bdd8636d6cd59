import { moneyLabel } from '../catalog/price-label.ts';
import type { Stored } from '../objects.ts';

/** What stands below the lines of an invoice: label and amount. */
export function invoiceSums(invoice: Stored<'invoice'>): [string, string][] {
  const discount = (invoice.total_discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);
  const tax = (invoice.total_taxes ?? []).reduce((sum, { amount }) => sum + amount, 0);
  const balance = invoice.total - invoice.amount_due;
  const all: [string, number, boolean][] = [
    ['Subtotal', invoice.subtotal, true],
    ['Discount', -discount, discount !== 0],
    ['Tax', tax, tax !== 0],
    ['Total', invoice.total, true],
    ['Applied balance', -balance, balance !== 0],
    ['Paid', invoice.amount_paid, invoice.amount_paid !== 0],
    ['Amount due', invoice.status === 'open' ? invoice.amount_remaining : 0, invoice.status === 'open'],
  ];
  return all.filter(([, , isShown]) => isShown).map(([label, amount]) => [label, moneyLabel(amount, invoice.currency)]);
}
