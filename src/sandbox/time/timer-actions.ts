import { expireByTime } from '../checkout/expire-session.ts';
import { finalizeByTime } from '../invoices/finalize-by-time.ts';
import { becomeOverdue } from '../invoices/overdue-invoice.ts';
import { retryPayment } from '../invoices/retry-payment.ts';
import { settleDebit } from '../payments/settle-debit.ts';
import { endDiscountByTime } from '../promotions/end-discount.ts';
import { expireCoupon, expirePromotionCode } from '../promotions/expire-promotions.ts';
import { settleRefund } from '../refunds/settle-refund.ts';
import { endSchedule } from '../schedules/release-schedule.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { announceRenewal } from '../subscriptions/announce-renewal.ts';
import { cancelByTime } from '../subscriptions/cancel-subscription.ts';
import { expireIncomplete } from '../subscriptions/expire-incomplete.ts';
import { resumeCollection } from '../subscriptions/pause-collection.ts';
import { renew } from '../subscriptions/renew-subscription.ts';
import { announceTrialEnd } from '../subscriptions/trial.ts';

/** Everything that happens by itself, to the object with the id, at the transaction's time. */
export const timerActions = {
  'checkout.session.expire': expireByTime,
  'coupon.expire': expireCoupon,
  'discount.end': endDiscountByTime,
  'invoice.finalize': finalizeByTime,
  'invoice.overdue': becomeOverdue,
  'invoice.retry': retryPayment,
  'payment_intent.settle': settleDebit,
  'promotion_code.expire': expirePromotionCode,
  'refund.settle': settleRefund,
  'subscription_schedule.end': endSchedule,
  'subscription.cancel': cancelByTime,
  'subscription.expire': expireIncomplete,
  'subscription.renew': renew,
  'subscription.resume_collection': resumeCollection,
  'subscription.upcoming': announceRenewal,
  'subscription.trial_will_end': announceTrialEnd,
} satisfies Record<string, (tx: AccountTransaction, id: string) => Promise<void>>;
