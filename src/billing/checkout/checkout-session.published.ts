import { publish } from '../../reader/publish.ts';
import { Payment } from '../payments/payment.entity.ts';
import { Subscription } from '../subscriptions/subscription.entity.ts';
import { CheckoutSession } from './checkout-session.entity.ts';
import { CheckoutSessionType } from './checkout-session.type.ts';

export const publishedCheckoutSession = publish(
  CheckoutSessionType,
  CheckoutSession,
  (from) => ({
    // Both are present in every row that is visible.
    stripeSessionId: from.columns(['stripeSessionId'], ({ stripeSessionId }) => stripeSessionId!),
    status: from.columns(['status'], ({ status }) => status!),
    subscription: from.reference('subscriptionId', Subscription),
    payment: from.reference('paymentId', Payment),
  }),
  { visible: { stripeSessionId: 'present', status: 'present' } },
);
