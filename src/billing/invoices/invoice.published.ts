import { publish } from '../../reader/publish.ts';
import { Invoice } from './invoice.entity.ts';
import { InvoiceType } from './invoice.type.ts';

export const publishedInvoice = publish(InvoiceType, Invoice, (from) => ({
  subtotal: from.columns(['subtotal', 'currency'], ({ subtotal, currency }) => ({ amount: subtotal, currency })),
  tax: from.columns(['tax', 'currency'], ({ tax, currency }) => ({ amount: tax, currency })),
  total: from.columns(['total', 'currency'], ({ total, currency }) => ({ amount: total, currency })),
  amountDue: from.columns(['amountDue', 'currency'], ({ amountDue, currency }) => ({ amount: amountDue, currency })),
  amountPaid: from.columns(['amountPaid', 'currency'], ({ amountPaid, currency }) => ({
    amount: amountPaid,
    currency,
  })),
  amountRemaining: from.columns(['amountRemaining', 'currency'], ({ amountRemaining, currency }) => ({
    amount: amountRemaining,
    currency,
  })),
}));
