import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { page, timeRange } from '../wire/parameter-kinds.ts';
import type { Every } from '../wire/parameters.ts';

const parameters = { ...page, created: timeRange } satisfies Every<Stripe.CouponListParams>;

export const listCoupons = operation(parameters, (tx, input) => tx.list('coupon', '/v1/coupons', input));
