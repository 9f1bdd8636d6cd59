import { publish } from '../../reader/publish.ts';
import { referralStatuses } from '../../referrals/life/referral-status.ts';
import { viewDiscount } from '../discounts/view-discount.ts';
import { PaymentMethod } from '../payment-methods/payment-method.entity.ts';
import { statusesWithAccess } from '../subscriptions/subscription-status.ts';
import { Customer } from './customer.entity.ts';
import { CustomerType } from './customer.type.ts';

const notRejected = referralStatuses.filter((status) => status !== 'REJECTED');

export const publishedCustomer = publish(
  CustomerType,
  Customer,
  (from) => ({
    // Present in every row that is visible.
    stripeCustomerId: from.columns(['stripeCustomerId'], ({ stripeCustomerId }) => stripeCustomerId!),
    discount: from.columns(['discount'], ({ discount }) => discount && viewDiscount(discount, null)),
    address: from.columns(['address'], ({ address }) => address),
    defaultPaymentMethod: from.reference('defaultPaymentMethodId', PaymentMethod),
    subscription: from.first('subscriptions', { prefer: { status: statusesWithAccess } }),
    referredBy: from.first('referralsAsReferee', { prefer: { status: notRejected } }),
  }),
  { visible: { stripeCustomerId: 'present', deletedAt: 'absent' } },
);
