import { p } from '@mikro-orm/core';
import { capPeriods, refereeCreditTimes } from './referral-terms.ts';

/** What a programme promises. A referral keeps the terms that it was applied under. */
export const terms = {
  /** ISO 4217, upper case: that of every amount here. Null where there is none. */
  currency: p.text().nullable(),
  /** In minor units; null for nothing. */
  referrerCredit: p.bigint().nullable(),
  refereeCredit: p.bigint().nullable(),
  refereeCreditAt: p.enum(refereeCreditTimes).columnType('text').default('CONVERSION'),
  /** For how many days after an invoice was seen to be paid its credit is held. */
  holdDays: p.integer().default(30),
  /** How many conversions of a referrer are credited in a period. Null: any number. */
  capReferrals: p.integer().nullable(),
  capPeriod: p.enum(capPeriods).columnType('text').default('EVER'),
  /** In minor units: what must be paid of an invoice, and stay paid. 1 is the least. */
  minimumPaid: p.bigint().default('1'),
  /** On how many invoices of who was referred the referrer is credited: the first ones. */
  rewardedInvoices: p.integer().default(1),
};
