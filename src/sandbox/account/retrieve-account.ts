import { operation } from '../wire/operation.ts';

/** The account that the key belongs to. */
export const retrieveAccount = operation({}, async (tx, _input) => ({
  id: tx.account,
  object: 'account',
  business_profile: {
    mcc: null,
    name: 'Sandbox',
    product_description: null,
    support_address: null,
    support_email: null,
    support_phone: null,
    support_url: null,
    url: null,
  },
  capabilities: { card_payments: 'active', transfers: 'active' },
  charges_enabled: true,
  country: 'US',
  default_currency: 'usd',
  details_submitted: true,
  email: 'sandbox@example.com',
  metadata: {},
  payouts_enabled: true,
  settings: {
    dashboard: { display_name: 'Sandbox', timezone: 'Etc/UTC' },
    payments: { statement_descriptor: 'SANDBOX', statement_descriptor_kana: null, statement_descriptor_kanji: null },
  },
  type: 'standard',
}));
