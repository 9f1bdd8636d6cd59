import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { fingerprint } from './new-card.ts';

type PaymentMethod = Stored<'payment_method'>;
type Details = Pick<PaymentMethod, 'type' | 'sepa_debit' | 'us_bank_account'>;

/** Adds a payment method that pays by direct debit, days after it was confirmed. */
export function newBankDebit(
  tx: AccountTransaction,
  number: string,
  details: Details,
  billing: Partial<PaymentMethod['billing_details']>,
  metadata: Record<string, string>,
): PaymentMethod {
  return tx.add<PaymentMethod>({
    id: newId('pm_1'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null, ...billing },
    created: tx.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata,
    ...details,
    _sandbox: { number },
  });
}

export function sepaDebit(tx: AccountTransaction, iban: string): Details {
  return {
    type: 'sepa_debit',
    sepa_debit: {
      bank_code: iban.slice(4, 12),
      branch_code: '',
      country: iban.slice(0, 2),
      fingerprint: fingerprint(tx, iban),
      generated_from: { charge: null, setup_attempt: null },
      last4: iban.slice(-4),
    },
  };
}

interface UsAccount {
  account_holder_type?: 'individual' | 'company';
  account_number: string;
  account_type?: 'checking' | 'savings';
  routing_number: string;
}

export function usBankAccount(tx: AccountTransaction, account: UsAccount): Details {
  return {
    type: 'us_bank_account',
    us_bank_account: {
      account_holder_type: account.account_holder_type ?? 'individual',
      account_type: account.account_type ?? 'checking',
      bank_name: 'STRIPE TEST BANK',
      financial_connections_account: null,
      fingerprint: fingerprint(tx, account.account_number),
      last4: account.account_number.slice(-4),
      networks: { preferred: 'ach', supported: ['ach'] },
      routing_number: account.routing_number,
      status_details: {},
    },
  };
}
