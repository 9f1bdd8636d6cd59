import type { Stored } from '../objects.ts';
import { invalidRequest } from '../wire/api-error.ts';

type Intent = Stored<'payment_intent'> | Stored<'setup_intent'>;
type Method = Stored<'payment_method'>;

/** In which currency a kind of payment method pays, where it pays in one alone. */
const currencies: Partial<Record<string, string>> = { sepa_debit: 'eur', us_bank_account: 'usd' };

/** Refuses a payment method of a kind that the intent does not take, or of another customer. */
export function refuseUnfitMethod(intent: Intent, method: Method): void {
  const { automatic_payment_methods, payment_method_types } = intent;
  if (!automatic_payment_methods?.enabled && !payment_method_types.includes(method.type)) {
    throw invalidRequest(
      `The PaymentMethod provided (${method.type}) is not allowed for this Intent. Please attach a PaymentMethod of one of the following types: ${payment_method_types.join(', ')}.`,
      'payment_method',
      'payment_intent_invalid_parameter',
    );
  }
  const currency = currencies[method.type];
  if ('currency' in intent && currency && intent.currency !== currency) {
    throw invalidRequest(
      `The payment method type "${method.type}" is invalid with a currency of ${intent.currency}: it pays in ${currency}.`,
      'payment_method',
    );
  }
  if (method.customer && method.customer !== intent.customer) {
    const message = `The PaymentMethod ${method.id} belongs to the Customer ${method.customer}. Please include the Customer in the \`customer\` parameter on the Intent.`;
    throw invalidRequest(message, 'payment_method', 'payment_intent_unexpected_state');
  }
}

/** Some parameters say how to confirm: without `confirm` they mean nothing. */
export function refuseConfirmationOnly(given: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    throw invalidRequest(
      `The parameter \`${name}\` cannot be passed when creating an intent unless \`confirm\` is set to true.`,
      name,
    );
  }
}
