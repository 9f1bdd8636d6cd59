import { operation } from '../wire/operation.ts';
import { pageOf } from '../wire/page-of.ts';
import { page } from '../wire/parameter-kinds.ts';

export const listInvoiceLines = operation(page, async (tx, input, id) => {
  const invoice = await tx.get('invoice', id!, 'invoice');
  return pageOf(invoice.lines.data, `/v1/invoices/${invoice.id}/lines`, input);
});
