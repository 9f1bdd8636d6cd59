import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { boolean, page, text, timeRange } from '../wire/parameter-kinds.ts';
import { type Every, notModelled } from '../wire/parameters.ts';

const parameters = {
  ...page,
  active: boolean,
  code: text(),
  coupon: text(),
  created: timeRange,
  customer: text(),
  ...notModelled('customer_account'),
} satisfies Every<Stripe.PromotionCodeListParams>;

export const listPromotionCodes = operation(parameters, (tx, input) =>
  tx.list('promotion_code', '/v1/promotion_codes', input, {
    active: input.active,
    '_sandbox.lowerCode': input.code?.toLowerCase(),
    customer: input.customer,
    'promotion.coupon': input.coupon,
  }),
);
