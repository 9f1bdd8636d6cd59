import { publish } from '../../reader/publish.ts';
import { Charge } from './charge.entity.ts';
import { Payment } from './payment.entity.ts';
import { PaymentType } from './payment.type.ts';

export const publishedPayment = publish(PaymentType, Payment, (from) => ({
  amount: from.columns(['amount', 'currency'], ({ amount, currency }) => ({ amount, currency })),
  amountReceived: from.columns(['amountReceived', 'currency'], ({ amountReceived, currency }) => ({
    amount: amountReceived,
    currency,
  })),
  amountRefunded: from.columns(['amountRefunded', 'currency'], ({ amountRefunded, currency }) => ({
    amount: amountRefunded,
    currency,
  })),
  lastError: from.columns(
    ['lastErrorCode', 'lastErrorDeclineCode', 'lastErrorMessage'],
    ({ lastErrorCode: code, lastErrorDeclineCode: declineCode, lastErrorMessage: message }) =>
      code === null && declineCode === null && message === null ? null : { code, declineCode, message },
  ),
  latestCharge: from.reference('latestChargeId', Charge),
}));
