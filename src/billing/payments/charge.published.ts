import { publish } from '../../reader/publish.ts';
import { Charge } from './charge.entity.ts';
import { ChargeType } from './charge.type.ts';

export const publishedCharge = publish(ChargeType, Charge, (from) => ({
  amount: from.columns(['amount', 'currency'], ({ amount, currency }) => ({ amount, currency })),
  amountCaptured: from.columns(['amountCaptured', 'currency'], ({ amountCaptured, currency }) => ({
    amount: amountCaptured,
    currency,
  })),
  amountRefunded: from.columns(['amountRefunded', 'currency'], ({ amountRefunded, currency }) => ({
    amount: amountRefunded,
    currency,
  })),
}));
