import type Stripe from 'stripe';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import type { Every } from '../wire/parameters.ts';

export const updateRefund = operation(
  { metadata } satisfies Every<Stripe.RefundUpdateParams>,
  async (tx, input, id) => {
    const refund = await tx.get('refund', id!, 'refund');
    if (input.metadata === undefined) return refund;
    const previous = tx.update(refund, { metadata: mergeMetadata(refund.metadata, input.metadata) });
    if (previous) {
      tx.emit('refund.updated', refund, previous);
      tx.emit('charge.refund.updated', refund, previous);
    }
    return refund;
  },
);
