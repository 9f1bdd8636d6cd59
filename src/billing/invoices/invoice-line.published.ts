import { publish } from '../../reader/publish.ts';
import { InvoiceLine } from './invoice-line.entity.ts';
import { InvoiceLineType } from './invoice-line.type.ts';

export const publishedInvoiceLine = publish(InvoiceLineType, InvoiceLine, (from) => ({
  amount: from.columns(['amount', 'currency'], ({ amount, currency }) => ({ amount, currency })),
  tax: from.columns(['tax', 'currency'], ({ tax, currency }) => ({ amount: tax, currency })),
}));
