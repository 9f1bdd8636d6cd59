import type Stripe from 'stripe';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { boolean } from '../wire/parameter-kinds.ts';
import { type Every, notModelled } from '../wire/parameters.ts';

const parameters = {
  active: boolean,
  metadata,
  ...notModelled('restrictions'),
} satisfies Every<Stripe.PromotionCodeUpdateParams>;

export const updatePromotionCode = operation(parameters, async (tx, { active, metadata }, id) => {
  const promotion = await tx.get('promotion_code', id!, 'promotion_code');
  const { expires_at, max_redemptions, times_redeemed } = promotion;
  const isOver =
    (expires_at !== null && expires_at <= tx.now) || (max_redemptions !== null && times_redeemed >= max_redemptions);
  if (active && isOver) {
    throw invalidRequest(
      'This promotion code cannot be activated because it has expired or has been redeemed too often.',
      'active',
    );
  }
  const previous = tx.update(promotion, {
    active,
    ...(metadata !== undefined && { metadata: mergeMetadata(promotion.metadata, metadata) }),
  });
  if (previous) tx.emit('promotion_code.updated', promotion, previous);
  return promotion;
});
