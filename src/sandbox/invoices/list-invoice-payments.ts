import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { oneOf, page, text, timeRange } from '../wire/parameter-kinds.ts';
import { type Every, hash, required } from '../wire/parameters.ts';

const parameters = {
  ...page,
  created: timeRange,
  invoice: text(),
  payment: hash({
    payment_intent: text(),
    payment_record: text(),
    type: required(oneOf('payment_intent', 'payment_record')),
  }),
  status: oneOf('canceled', 'open', 'paid'),
} satisfies Every<Stripe.InvoicePaymentListParams>;

export const listInvoicePayments = operation(parameters, (tx, { payment, ...input }) =>
  tx.list('invoice_payment', '/v1/invoice_payments', input, {
    invoice: input.invoice,
    'payment.payment_intent': payment?.payment_intent,
    'payment.payment_record': payment?.payment_record,
    'payment.type': payment?.type,
    status: input.status,
  }),
);
