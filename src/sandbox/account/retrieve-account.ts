import type Stripe from 'stripe';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { operation } from '../wire/operation.ts';

/** The account that the key belongs to. */
export const retrieveAccount = operation({}, async (tx) => accountOf(tx));

function accountOf(tx: AccountTransaction): Stripe.Account {
  return {
    id: tx.account,
    object: 'account',
    business_type: 'company',
    capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: true,
    country: 'US',
    default_currency: 'usd',
    details_submitted: true,
    email: 'sandbox@example.com',
    metadata: {},
    payouts_enabled: true,
    type: 'standard',
  };
}
