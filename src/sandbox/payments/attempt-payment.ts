import { authorizeCharge, declineCharge, succeedCharge } from '../charges/decide-charge.ts';
import { newCharge, ofIntent } from '../charges/new-charge.ts';
import { paymentFaults } from '../faults/fault.ts';
import { strike } from '../faults/strike.ts';
import type { Stored } from '../objects.ts';
import { settlementTime } from '../payment-methods/bank-debits.ts';
import { type Decline, declineOf } from '../payment-methods/test-cards.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { authenticationRequired, needsAuthentication, type Presence, requireAction } from './three-d-secure.ts';

/** Whose refusal a staged fault borrows. */
const declinedCard = '4000000000000002';

type Intent = Stored<'payment_intent'>;
type Method = Stored<'payment_method'>;

/**
 * Tries to take a payment from a payment method. Answers how it was declined, if it was; otherwise the intent's status says what came
 * of it: `succeeded`, `requires_capture`, `requires_action` (3-D Secure) or `processing` (a bank debit).
 */
export async function attemptPayment(
  tx: AccountTransaction,
  intent: Intent,
  method: Method,
  presence: Presence = {},
): Promise<Decline | undefined> {
  tx.update(intent, { next_action: null, payment_method: method.id });
  if (method.type !== 'card') return startDebit(tx, intent, method);
  if (needsAuthentication(method, intent, presence)) {
    if (presence.offSession) return failPayment(tx, intent, method, authenticationRequired);
    requireAction(tx, intent, presence.returnUrl);
    tx.emit('payment_intent.requires_action', intent);
    return undefined;
  }
  const [staged] = await strike(tx, paymentFaults);
  const decline = declineOf(staged ? declinedCard : method._sandbox.number, 'charge');
  if (decline) return failPayment(tx, intent, method, decline);
  const charge = newCharge(tx, method, ofIntent(intent));
  if (intent.setup_future_usage) tx.update(method, { _sandbox: { ...method._sandbox, isSetUp: true } });
  if (!isHeld(intent)) {
    succeedCharge(tx, charge, method);
    return succeedPayment(tx, intent, charge);
  }
  authorizeCharge(tx, charge);
  const held = { amount_capturable: intent.amount, last_payment_error: null, latest_charge: charge.id };
  tx.update(intent, { ...held, status: 'requires_capture' });
  tx.emit('payment_intent.amount_capturable_updated', intent);
  return undefined;
}

/** Whether the money is only held until it is captured. */
function isHeld({ capture_method, payment_method_options }: Intent): boolean {
  return capture_method === 'manual' || payment_method_options?.card?.capture_method === 'manual';
}

/** The money is there. */
export function succeedPayment(tx: AccountTransaction, intent: Intent, charge: Stored<'charge'>): undefined {
  tx.update(intent, {
    amount_capturable: 0,
    amount_received: charge.amount_captured,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    status: 'succeeded',
  });
  tx.emit('payment_intent.succeeded', intent);
}

/** The payment did not come about; it can be tried again with another payment method. `charge` is the one that was pending; `null` where none was tried. */
export function failPayment(
  tx: AccountTransaction,
  intent: Intent,
  method: Method,
  decline: Decline,
  charge: Stored<'charge'> | null = newCharge(tx, method, ofIntent(intent)),
): Decline {
  if (charge) declineCharge(tx, charge, decline);
  const tried = charge && { charge: charge.id };
  const last_payment_error = { type: 'card_error', ...decline, ...tried, payment_method: method };
  tx.update(intent, {
    last_payment_error: last_payment_error as Intent['last_payment_error'],
    latest_charge: charge?.id,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
  tx.emit('payment_intent.payment_failed', intent);
  return decline;
}

function startDebit(tx: AccountTransaction, intent: Intent, method: Method): undefined {
  const charge = newCharge(tx, method, ofIntent(intent));
  tx.update(intent, { last_payment_error: null, latest_charge: charge.id, status: 'processing' });
  tx.emit('charge.pending', charge);
  tx.emit('payment_intent.processing', intent);
  tx.schedule('payment_intent.settle', intent.id, tx.now + settlementTime(method._sandbox.number));
}
