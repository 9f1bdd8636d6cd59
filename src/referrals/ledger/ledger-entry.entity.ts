import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { createdAt } from '../../database/columns.ts';
import { rowsSeenByCustomers } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { ledgerAccounts, ledgerKinds } from './ledger-accounts.ts';

/**
 * One side of a transaction in the ledger of referral credit. Rows are added, and never change: balances are their sums. That the entries
 * of a transaction sum to zero in each currency is checked by a constraint trigger when it commits.
 */
const schema = defineEntity({
  name: 'LedgerEntry',
  policies: rowsSeenByCustomers(),
  // A reward is credited once, and clawed back once: the key says what the transaction is about.
  uniques: [{ properties: ['key', 'account'] }],
  indexes: [
    { properties: ['transactionId'] },
    { properties: ['projectId', 'environment', 'createdAt', 'id'] },
    { properties: ['customer', 'createdAt', 'id'] },
    { properties: ['rewardId'] },
  ],
  properties: {
    id: p.text().primary(),
    ...tenant,
    transactionId: p.text(),
    /** `credit/<reward>`, `clawback/<reward>`, `payout/<payout>`, `reversal/<payout>`; of the nth retry `retry/<payout>/<n>`, `reversal/<payout>/<n>`. */
    key: p.text(),
    kind: p.enum(ledgerKinds).columnType('text'),
    account: p.enum(ledgerAccounts).columnType('text'),
    /** Null for the project's own account. */
    customer: () => p.manyToOne(Customer).nullable().deleteRule('no action'),
    /** In minor units, signed. */
    amount: p.bigint(),
    /** ISO 4217, upper case. */
    currency: p.text(),
    rewardId: p.text(),
    createdAt: createdAt(),
  },
});

export class LedgerEntry extends schema.class {}
schema.setClass(LedgerEntry);
