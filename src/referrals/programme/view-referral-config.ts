import type { Money } from '../../graphql/money.type.ts';
import type { ReferralConfig } from './referral-config.entity.ts';
import type { ReferralConfigType } from './referral-config.type.ts';

/** A referral programme as it is published. */
export function viewReferralConfig(config: ReferralConfig): ReferralConfigType {
  const { environment, enabled, currency, refereeCreditAt, holdDays, rewardedInvoices } = config;
  const { capReferrals, capPeriod, minimumPaid } = config;
  const money = (amount: bigint | null | undefined): Money | null =>
    amount == null || currency == null ? null : { amount: BigInt(amount), currency };
  return {
    environment,
    enabled,
    currency: currency ?? null,
    referrerCredit: money(config.referrerCredit),
    refereeCredit: money(config.refereeCredit),
    refereeCreditAt,
    holdDays,
    cap: capReferrals == null ? null : { referrals: capReferrals, period: capPeriod },
    minimumPaidAmount: BigInt(minimumPaid) === 1n ? null : money(minimumPaid),
    rewardedInvoices,
  };
}
