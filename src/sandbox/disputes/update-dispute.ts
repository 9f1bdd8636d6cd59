import type Stripe from 'stripe';
import { newBalanceTransaction } from '../charges/new-balance-transaction.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { boolean } from '../wire/parameter-kinds.ts';
import { type Every, notModelled } from '../wire/parameters.ts';
import { evidence } from './evidence.ts';

type Dispute = Stored<'dispute'>;

const parameters = {
  evidence,
  metadata,
  submit: boolean,
  ...notModelled('intended_submission_method'),
} satisfies Every<Stripe.DisputeUpdateParams>;

/**
 * Answers a dispute. Evidence is submitted unless `submit` is false; `winning_evidence` and `losing_evidence` as its text decide the dispute
 * at once, as at Stripe, anything else leaves it under review.
 */
export const updateDispute = operation(parameters, async (tx, input, id) => {
  const dispute = await tx.get('dispute', id!, 'dispute');
  if (input.evidence) refuseDecided(dispute);
  const submits = input.evidence !== undefined && input.submit !== false;
  const details = dispute.evidence_details;
  const previous = tx.update(dispute, {
    ...(input.metadata !== undefined && { metadata: mergeMetadata(dispute.metadata, input.metadata) }),
    ...(input.evidence && {
      evidence: { ...dispute.evidence, ...input.evidence } as Dispute['evidence'],
      evidence_details: {
        ...details,
        has_evidence: true,
        submission_count: details.submission_count + Number(submits),
      },
    }),
    ...(submits && { status: isInquiry(dispute) ? 'warning_under_review' : 'under_review' }),
  });
  if (previous) tx.emit('charge.dispute.updated', dispute, previous);
  if (!submits) return dispute;
  if (dispute.evidence.uncategorized_text === 'winning_evidence') await closeDispute(tx, dispute, true);
  if (dispute.evidence.uncategorized_text === 'losing_evidence') await closeDispute(tx, dispute, false);
  return dispute;
});

/** Gives a dispute up: it is lost, and cannot be taken up again. */
export const giveUpDispute = operation({} satisfies Every<Stripe.DisputeCloseParams>, async (tx, _input, id) => {
  const dispute = await tx.get('dispute', id!, 'dispute');
  refuseDecided(dispute);
  await closeDispute(tx, dispute, false);
  return dispute;
});

async function closeDispute(tx: AccountTransaction, dispute: Dispute, isWon: boolean) {
  const { amount, currency, id } = dispute;
  if (isWon && !isInquiry(dispute)) {
    const back = newBalanceTransaction(tx, { amount, currency, source: id, type: 'adjustment' });
    tx.update(dispute, { balance_transactions: [...dispute.balance_transactions, back], status: 'won' });
    tx.emit('charge.dispute.funds_reinstated', dispute);
  } else tx.update(dispute, { status: isInquiry(dispute) && isWon ? 'warning_closed' : 'lost' });
  tx.emit('charge.dispute.closed', dispute);
}

function isInquiry({ status }: Dispute): boolean {
  return status.startsWith('warning_');
}

function refuseDecided({ status }: Dispute) {
  if (!['won', 'lost', 'warning_closed'].includes(status)) return;
  throw invalidRequest(
    `This dispute is already closed, with a status of ${status}.`,
    undefined,
    'dispute_already_closed',
  );
}
