import { operation } from '../wire/operation.ts';

/** Who has the discount already keeps it. */
export const deleteCoupon = operation({}, async (tx, _input, id) => {
  const coupon = await tx.get('coupon', id!, 'coupon');
  tx.emit('coupon.deleted', coupon);
  tx.remove(coupon);
  return { id: coupon.id, object: 'coupon', deleted: true };
});
