import type { AccountTransaction } from '../store/account-transaction.ts';

/** The last day to redeem a coupon is over. */
export async function expireCoupon(tx: AccountTransaction, id: string): Promise<void> {
  const coupon = await tx.find('coupon', id);
  if (coupon) tx.update(coupon, { valid: false });
}

export async function expirePromotionCode(tx: AccountTransaction, id: string): Promise<void> {
  const promotion = await tx.find('promotion_code', id);
  const previous = promotion && tx.update(promotion, { active: false });
  if (previous) tx.emit('promotion_code.updated', promotion, previous);
}
