import type { Customer } from '../../billing/customers/customer.entity.ts';
import type { Referral } from '../life/referral.entity.ts';
import { type AssessedInvoice, paidBackBy } from './assess-invoices.ts';
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

/** What the terms of a referral promise for these invoices: the referrer for each one, the referee for the first. */
export function owedForInvoices(referral: Referral, invoices: AssessedInvoice[]): OwedReward[] {
  const { referrer, referee, referrerCredit, refereeCredit, refereeCreditAt } = referral;
  const owed: OwedReward[] = [];
  for (const [at, { id: invoiceId, fault, inquired: waits }] of invoices.entries()) {
    const add = (beneficiary: Beneficiary, customer: Customer, amount: bigint | null | undefined) => {
      if (amount != null) owed.push({ beneficiary, customer, invoiceId, amount: BigInt(amount), fault, waits });
    };
    add('REFERRER', referrer, referrerCredit);
    if (at === 0 && refereeCreditAt === 'CONVERSION') add('REFEREE', referee, refereeCredit);
  }
  return owed;
}

/**
 * What they promise the referee for applying the code: also to one who never pays, or pays in another currency, as long as the referral is
 * not rejected. Null for nothing.
 */
export function owedForApplying(
  { referee, refereeCredit, refereeCreditAt }: Referral,
  { invoices, isRejected }: { invoices: AssessedInvoice[]; isRejected: boolean },
): OwedReward | null {
  if (refereeCredit == null || refereeCreditAt !== 'APPLY') return null;
  const isKept = invoices.some(({ fault }) => !fault);
  const fault = isRejected ? 'REFERRAL_REJECTED' : isKept ? null : paidBackBy(invoices);
  const amount = BigInt(refereeCredit);
  return { beneficiary: 'REFEREE', customer: referee, invoiceId: null, amount, fault, waits: false };
}
