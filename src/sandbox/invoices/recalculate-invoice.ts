import type { Stored } from '../objects.ts';
import { discountLines } from '../promotions/discount-lines.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { taxLines } from '../tax/automatic-tax.ts';
import { lineOfItem } from './invoice-line.ts';
import { invoiceTotals } from './invoice-totals.ts';

/** Brings a draft in line with its invoice items: new ones get a line, changed ones keep theirs, lines of deleted ones go. */
export async function recalculate(tx: AccountTransaction, invoice: Stored<'invoice'>): Promise<void> {
  const items = (await tx.all('invoiceitem', { invoice: invoice.id })).reverse();
  const kept = invoice.lines.data.filter((line) => !itemIdOf(line));
  const billed = items.map((item) => {
    const known = invoice.lines.data.find((line) => itemIdOf(line) === item.id);
    return { ...lineOfItem(item), ...(known && { id: known.id }), invoice: invoice.id };
  });
  const discounts = [];
  for (const id of invoice.discounts) {
    const discount = await tx.find('discount', id);
    if (discount) discounts.push(discount);
  }
  const bare = [...kept, ...billed].map((line) => ({ ...line, discount_amounts: [] }));
  const taxed = invoice.automatic_tax.enabled ? invoice.customer_address?.country : null;
  const data = taxLines(discountLines(bare, discounts), taxed);
  const previous = tx.update(invoice, {
    lines: { ...invoice.lines, data },
    ...invoiceTotals(data, invoice.starting_balance),
  });
  if (previous) tx.emit('invoice.updated', invoice, previous);
}

function itemIdOf({ parent }: Stored<'invoice'>['lines']['data'][number]): string | null | undefined {
  return parent?.invoice_item_details?.invoice_item ?? parent?.subscription_item_details?.invoice_item;
}
