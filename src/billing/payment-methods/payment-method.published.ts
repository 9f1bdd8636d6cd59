import { publish } from '../../reader/publish.ts';
import { PaymentMethod } from './payment-method.entity.ts';
import { PaymentMethodType } from './payment-method.type.ts';

export const publishedPaymentMethod = publish(PaymentMethodType, PaymentMethod, () => ({}));
