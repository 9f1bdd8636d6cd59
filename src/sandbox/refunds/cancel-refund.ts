import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';

/** Only refunds that wait for the payer's bank details can be canceled; the sandbox's never do. */
export const cancelRefund = operation({}, async (tx, _input, id) => {
  const refund = await tx.get('refund', id!, 'refund');
  throw invalidRequest(
    `This refund has a status of ${refund.status}. Only refunds with a status of requires_action can be canceled.`,
  );
});
