import type { Customer } from '../../billing/customers/customer.entity.ts';
import type { Referral } from '../life/referral.entity.ts';
import type { AssessedInvoice } from './assess-invoices.ts';
import type { Beneficiary, RewardReason } from './reward-status.ts';

/** What a referral promises to one of the two. */
export type OwedReward = {
  beneficiary: Beneficiary;
  customer: Customer;
  /** Null for applying the code. */
  invoiceId: string | null;
  amount: bigint;
  /** Why it is not, or no longer, earned; null where it is. */
  fault: RewardReason | null;
  /** Whether it waits for the answer of a bank. */
  waits: boolean;
};

/** What the terms of a referral promise for these invoices: the referrer for each one, the referee once. */
export function owedRewards(referral: Referral, invoices: AssessedInvoice[]): OwedReward[] {
  const { referrer, referee, referrerCredit, refereeCredit, refereeCreditAt } = referral;
  const owed: OwedReward[] = [];
  const add = (beneficiary: Beneficiary, amount: bigint | null | undefined, of: Partial<AssessedInvoice>) => {
    if (amount == null) return;
    const customer = beneficiary === 'REFERRER' ? referrer : referee;
    const { id: invoiceId = null, fault = null, inquired: waits = false } = of;
    owed.push({ beneficiary, customer, invoiceId, amount: BigInt(amount), fault, waits });
  };
  if (refereeCreditAt === 'APPLY') add('REFEREE', refereeCredit, { fault: faultOfAll(invoices) });
  for (const [at, invoice] of invoices.entries()) {
    add('REFERRER', referrerCredit, invoice);
    if (at === 0 && refereeCreditAt === 'CONVERSION') add('REFEREE', refereeCredit, invoice);
  }
  return owed;
}

/** Why no money is left of what was paid; null as long as nothing was paid, or an invoice still counts. */
export function faultOfAll(invoices: AssessedInvoice[]): AssessedInvoice['fault'] {
  return invoices.every(({ fault }) => fault) ? (invoices[0]?.fault ?? null) : null;
}
