import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { instant, timestamps } from '../../database/columns.ts';
import { rowsOfReferrals } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { ReferralCode } from '../codes/referral-code.entity.ts';
import { terms } from '../programme/term-columns.ts';
import { ReferralReward } from '../rewards/referral-reward.entity.ts';
import { referralReasons, referralStatuses } from './referral-status.ts';

/** That one customer referred another, under which terms, and what became of it. What follows is decided from the referee's invoices. */
const schema = defineEntity({
  name: 'Referral',
  policies: rowsOfReferrals(),
  uniques: [{ properties: ['referee', 'code'] }],
  indexes: [
    {
      name: 'referral_of_referee',
      expression: `create unique index referral_of_referee on referral (referee_id) where status <> 'REJECTED'`,
    },
    { properties: ['projectId', 'environment', 'createdAt', 'id'] },
    { properties: ['referrer', 'createdAt', 'id'] },
    { properties: ['code'] },
  ],
  properties: {
    id: p.text().primary(),
    ...tenant,
    code: () => p.manyToOne(ReferralCode),
    referrer: () => p.manyToOne(Customer),
    referee: () => p.manyToOne(Customer),
    status: p.enum(referralStatuses).columnType('text'),
    /** Why it is REJECTED or REVERSED; null otherwise. */
    reason: p.enum(referralReasons).columnType('text').nullable(),
    ...terms,
    /** By our clock, as all that follows: invoices that Stripe saw paid since then count. */
    appliedAt: instant(),
    /** When the first paid invoice was seen. */
    qualifiedAt: instant().nullable(),
    /** Until when its first credit is held. */
    holdUntil: instant().nullable(),
    /** When it first was credited. It stays where that is reversed: its place in the cap is taken. */
    convertedAt: instant().nullable(),
    /** When it was reversed or rejected; null otherwise. */
    endedAt: instant().nullable(),
    rewards: () => p.oneToMany(ReferralReward).mappedBy('referral'),
    ...timestamps,
  },
});

export class Referral extends schema.class {}
schema.setClass(Referral);
