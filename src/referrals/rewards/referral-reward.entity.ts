import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { Invoice } from '../../billing/invoices/invoice.entity.ts';
import { instant, timestamps } from '../../database/columns.ts';
import { rowsSeenByCustomers } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Referral } from '../life/referral.entity.ts';
import { beneficiaries, rewardReasons, rewardStatuses } from './reward-status.ts';

/** What one of the two gets for an invoice that was paid, or (without an invoice) for the code's being applied. */
const schema = defineEntity({
  name: 'ReferralReward',
  policies: rowsSeenByCustomers(),
  indexes: [
    {
      name: 'referral_reward_round',
      expression:
        'create unique index referral_reward_round on referral_reward (referral_id, invoice_id, beneficiary, round) nulls not distinct',
    },
    { properties: ['customer', 'createdAt', 'id'] },
    { properties: ['invoice'] },
  ],
  properties: {
    id: p.text().primary(),
    ...tenant,
    referral: () => p.manyToOne(Referral),
    /** Who gets it. */
    customer: () => p.manyToOne(Customer),
    beneficiary: p.enum(beneficiaries).columnType('text'),
    invoice: () => p.manyToOne(Invoice).nullable().deleteRule('no action'),
    /** The invoice's id, where the row is enough. */
    invoiceId: p
      .text()
      .nullable()
      .lazy()
      .formula((at) => `${at.invoice}`),
    /** In minor units of `currency` (ISO 4217, upper case). */
    amount: p.bigint(),
    currency: p.text(),
    status: p.enum(rewardStatuses).columnType('text'),
    /** Why it is CLAWED_BACK or CANCELED; null otherwise. */
    reason: p.enum(rewardReasons).columnType('text').nullable(),
    /** Not credited before; by our clock. */
    holdUntil: instant(),
    /** One is credited once, and clawed back once: what is owed again after that is the next round. */
    round: p.integer().default(1),
    creditedAt: instant().nullable(),
    /** When it was clawed back or canceled; null otherwise. */
    endedAt: instant().nullable(),
    ...timestamps,
  },
});

export class ReferralReward extends schema.class {}
schema.setClass(ReferralReward);
