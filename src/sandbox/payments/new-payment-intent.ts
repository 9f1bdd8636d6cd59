import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

type PaymentIntent = Stored<'payment_intent'>;

/** Adds a payment that waits for a payment method, and says so by `payment_intent.created`. */
export function newPaymentIntent(
  tx: AccountTransaction,
  given: Pick<PaymentIntent, 'amount' | 'currency'> & Partial<PaymentIntent>,
): PaymentIntent {
  const id = newId('pi_3');
  const intent = tx.add<PaymentIntent>({
    id,
    object: 'payment_intent',
    allowed_payment_method_types: ['card'],
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: newId(`${id}_secret_`, 25),
    confirmation_method: 'automatic',
    created: tx.now,
    customer: null,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
    ...given,
  });
  tx.emit('payment_intent.created', intent);
  return intent;
}
