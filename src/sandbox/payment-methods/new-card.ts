import { createHash } from 'node:crypto';
import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import type { CardInput } from './card-input.ts';
import { testCard } from './test-cards.ts';

type PaymentMethod = Stored<'payment_method'>;

/** Adds a payment method of type card that belongs to nobody yet. */
export function newCard(
  tx: AccountTransaction,
  card: CardInput,
  billing: Partial<PaymentMethod['billing_details']> = {},
  metadata: Record<string, string> = {},
  id = newId('pm_1'),
): PaymentMethod {
  const { brand, funding = 'credit' } = testCard(card.number);
  return tx.add<PaymentMethod>({
    id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null, ...billing },
    card: {
      brand,
      checks: {
        address_line1_check: null,
        address_postal_code_check: null,
        cvc_check: card.cvc ? 'pass' : 'unchecked',
      },
      country: 'US',
      display_brand: brand,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: fingerprint(tx, card.number),
      funding,
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: [brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: tx.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata,
    type: 'card',
    _sandbox: { number: card.number },
  });
}

/** The same for the same card or bank account, in one account. */
export function fingerprint(tx: AccountTransaction, number: string): string {
  return createHash('sha256').update(`${tx.account} ${number}`).digest('hex').slice(0, 16);
}
