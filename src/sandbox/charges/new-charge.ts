import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { Decline } from '../payment-methods/test-cards.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { chargedMethod } from './charged-method.ts';

type Charge = Stored<'charge'>;

/** Adds a charge of a payment method that is not decided yet: `authorizeCharge`, `captureCharge` or `declineCharge` says how it ends. */
export function newCharge(
  tx: AccountTransaction,
  method: Stored<'payment_method'>,
  given: Pick<Charge, 'amount' | 'currency'> & Partial<Charge>,
): Charge {
  return tx.add<Charge>({
    id: newId(method.type === 'card' ? 'ch_3' : 'py_3'),
    object: 'charge',
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: 'SANDBOX',
    captured: false,
    created: tx.now,
    customer: null,
    description: null,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: {},
    on_behalf_of: null,
    outcome: null,
    paid: false,
    payment_intent: null,
    payment_method: method.id,
    payment_method_details: chargedMethod(method, given.amount),
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'pending',
    transfer_data: null,
    transfer_group: null,
    ...given,
  });
}

/** What an intent passes on to its charges. */
export function ofIntent(intent: Stored<'payment_intent'>) {
  const { amount, currency, customer, description, metadata, receipt_email, shipping, statement_descriptor } = intent;
  const { statement_descriptor_suffix, transfer_group } = intent;
  const passed = { amount, currency, customer, description, metadata, receipt_email, shipping };
  return { ...passed, statement_descriptor, statement_descriptor_suffix, transfer_group, payment_intent: intent.id };
}

export function outcome(decline?: Decline): Charge['outcome'] {
  return {
    advice_code: decline ? 'try_again_later' : null,
    network_advice_code: null,
    network_decline_code: decline ? '01' : null,
    network_status: decline ? 'declined_by_network' : 'approved_by_network',
    reason: decline?.decline_code ?? decline?.code ?? null,
    risk_level: 'normal',
    risk_score: 20,
    seller_message: decline ? 'The bank did not return any further details with this decline.' : 'Payment complete.',
    type: decline ? 'issuer_declined' : 'authorized',
  };
}
