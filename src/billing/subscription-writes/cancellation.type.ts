import { enumOf } from '../../graphql/enum-of.ts';

export type SubscriptionEnd = 'NOW' | 'PERIOD_END' | 'DATE';

export const SubscriptionEndEnum = enumOf<SubscriptionEnd>('SubscriptionEnd', 'When a subscription ends.', {
  NOW: 'At once, with its access. Backends only.',
  PERIOD_END: 'With the current billing period, or with the trial. Until then it may be resumed.',
  DATE: 'At `cancelAt`. Until then it may be resumed. Backends only.',
});

export type CancellationFeedback =
  | 'CUSTOMER_SERVICE'
  | 'LOW_QUALITY'
  | 'MISSING_FEATURES'
  | 'OTHER'
  | 'SWITCHED_SERVICE'
  | 'TOO_COMPLEX'
  | 'TOO_EXPENSIVE'
  | 'UNUSED';

export const CancellationFeedbackEnum = enumOf<CancellationFeedback>(
  'CancellationFeedback',
  "Why a customer leaves, in Stripe's words.",
  {
    CUSTOMER_SERVICE: 'Customer service was less than expected.',
    LOW_QUALITY: 'Quality was less than expected.',
    MISSING_FEATURES: 'Some features are missing.',
    OTHER: 'Another reason.',
    SWITCHED_SERVICE: 'They are switching to a different service.',
    TOO_COMPLEX: 'It is too hard to use.',
    TOO_EXPENSIVE: 'It is too expensive.',
    UNUSED: 'They do not use it enough.',
  },
);
