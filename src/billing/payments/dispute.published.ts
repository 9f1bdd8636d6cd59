import { publish } from '../../reader/publish.ts';
import { Dispute } from './dispute.entity.ts';
import { DisputeType } from './dispute.type.ts';

export const publishedDispute = publish(DisputeType, Dispute, (from) => ({
  amount: from.columns(['amount', 'currency'], ({ amount, currency }) => ({ amount, currency })),
}));
