/** What happens when a subscription's invoice is not paid at the first attempt. */
export interface Dunning {
  /** Days from each failed attempt to the next. */
  retryDays: readonly number[];
  /** What becomes of the subscription when the last attempt has failed. */
  afterwards: 'cancel' | 'mark_unpaid' | 'leave_past_due';
}

export const defaultDunning: Dunning = { retryDays: [3, 5, 7], afterwards: 'cancel' };
