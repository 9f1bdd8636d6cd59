import type { Stored } from '../objects.ts';

type Method = Stored<'payment_method'>;
type Details = Stored<'charge'>['payment_method_details'];

/** What a charge remembers of the payment method. */
export function chargedMethod(method: Method, amount: number): Details {
  if (method.sepa_debit) {
    const { generated_from, ...account } = method.sepa_debit;
    return { type: 'sepa_debit', sepa_debit: { ...account, mandate: null } };
  }
  if (method.us_bank_account) {
    const { account_holder_type, account_type, bank_name, fingerprint, last4, routing_number } = method.us_bank_account;
    const account = { account_holder_type, account_type, bank_name, fingerprint, last4, routing_number };
    return { type: 'us_bank_account', us_bank_account: { ...account, payment_reference: null } };
  }
  return { type: 'card', card: cardDetails(method.card!, amount) };
}

function cardDetails(card: NonNullable<Method['card']>, amount: number) {
  return {
    amount_authorized: amount,
    authorization_code: null,
    brand: card.brand,
    checks: card.checks,
    country: card.country,
    electronic_commerce_indicator: null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    fingerprint: card.fingerprint,
    funding: card.funding,
    installments: null,
    last4: card.last4,
    mandate: null,
    network: card.brand,
    network_transaction_id: null,
    regulated_status: card.regulated_status,
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  };
}
