import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { createdAt, instant } from '../../database/columns.ts';
import { rowsSeenByCustomers } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { ReferralReward } from '../rewards/referral-reward.entity.ts';
import { payoutKinds, payoutStates } from './payout-states.ts';

/**
 * What Stripe is to do to a customer's balance for a reward: written in the transaction that writes the ledger, and brought to
 * Stripe by the lane of the reward.
 */
const schema = defineEntity({
  name: 'ReferralPayout',
  policies: rowsSeenByCustomers(),
  // Of a reward, one each way.
  uniques: [{ properties: ['reward', 'kind'] }],
  indexes: [
    {
      name: 'referral_payout_waiting',
      expression: `create index referral_payout_waiting on referral_payout (customer_id, id) where state in ('PENDING', 'ASKED')`,
    },
    {
      name: 'referral_payout_failed',
      expression: `create index referral_payout_failed on referral_payout (ended_at) where state = 'FAILED'`,
    },
    { properties: ['projectId', 'environment', 'createdAt', 'id'] },
    { properties: ['customer', 'createdAt', 'id'] },
  ],
  properties: {
    id: p.text().primary(),
    ...tenant,
    customer: () => p.manyToOne(Customer),
    /** Without a constraint: what was paid stays said, whatever becomes of the referral. */
    reward: () => p.manyToOne(ReferralReward).createForeignKeyConstraint(false),
    rewardId: p
      .text()
      .lazy()
      .formula((at) => `${at.reward}`),
    kind: p.enum(payoutKinds).columnType('text'),
    state: p.enum(payoutStates).columnType('text').default('PENDING'),
    /** In minor units, above zero either way. */
    amount: p.bigint(),
    /** ISO 4217, upper case. */
    currency: p.text(),
    /** On whose balance it is: of a clawback, that which has the credit. Null until Stripe is asked. */
    stripeCustomerId: p.text().nullable(),
    /** What Stripe is asked with; another one only after Stripe's list showed that the last one did nothing. */
    idempotencyKey: p.text().nullable(),
    /** How often one that had failed was asked for anew. */
    retries: p.integer().default(0),
    /** When Stripe was first asked by that key; long ago where its entries are to be looked through first. */
    askedAt: instant().nullable(),
    /** Stripe's `cbtxn_…`. */
    stripeBalanceTransactionId: p.text().nullable(),
    /** Stripe's words. */
    failureCode: p.text().nullable(),
    failureMessage: p.text().nullable(),
    /** When it was done, failed or was canceled. */
    endedAt: instant().nullable(),
    createdAt: createdAt(),
  },
});

export class ReferralPayout extends schema.class {}
schema.setClass(ReferralPayout);
