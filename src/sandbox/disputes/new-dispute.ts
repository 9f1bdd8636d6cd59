import { newBalanceTransaction } from '../charges/new-balance-transaction.ts';
import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { TestCard } from '../payment-methods/test-cards.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { noEvidence } from './evidence.ts';

type Dispute = Stored<'dispute'>;

const day = 86_400;
/** What a bank takes for a lost dispute, in the smallest unit. */
const disputeFee = 1_500;

const reasons = { fraudulent: '10.4', product_not_received: '13.1', general: '10.4' };

/** The payer's bank disputes a charge: an inquiry only asks, anything else takes the money back at once. */
export function newDispute(tx: AccountTransaction, charge: Stored<'charge'>, kind: NonNullable<TestCard['dispute']>) {
  const isInquiry = kind === 'inquiry';
  const reason = isInquiry ? 'general' : kind;
  const id = newId('du_1');
  const { amount, currency } = charge;
  const withdrawn = isInquiry
    ? []
    : [
        newBalanceTransaction(tx, {
          amount: -charge.amount_captured,
          currency,
          fee: disputeFee,
          source: id,
          type: 'adjustment',
        }),
      ];
  const dispute = tx.add<Dispute>({
    id,
    object: 'dispute',
    amount,
    balance_transactions: withdrawn,
    charge: charge.id,
    created: tx.now,
    currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence,
    evidence_details: {
      due_by: tx.now + 9 * day,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'manual',
    },
    intended_submission_method: null,
    is_charge_refundable: isInquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method_details: {
      card: {
        brand: charge.payment_method_details?.card?.brand ?? 'visa',
        case_type: isInquiry ? 'inquiry' : 'chargeback',
        network: charge.payment_method_details?.card?.network ?? 'visa',
        network_reason_code: reasons[reason],
      },
      type: 'card',
    },
    reason,
    status: isInquiry ? 'warning_needs_response' : 'needs_response',
  });
  tx.update(charge, { disputed: true });
  tx.emit('charge.dispute.created', dispute);
  if (!isInquiry) tx.emit('charge.dispute.funds_withdrawn', dispute);
  return dispute;
}
