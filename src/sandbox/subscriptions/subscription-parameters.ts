import { oneOf, text } from '../wire/parameter-kinds.ts';
import { hash, unsettable } from '../wire/parameters.ts';

export const cancellationDetails = hash({
  comment: unsettable(text()),
  feedback: unsettable(
    oneOf(
      'customer_service',
      'low_quality',
      'missing_features',
      'other',
      'switched_service',
      'too_complex',
      'too_expensive',
      'unused',
    ),
  ),
});

export const trialSettings = hash({
  end_behavior: hash({ missing_payment_method: oneOf('cancel', 'create_invoice', 'pause') }),
});
