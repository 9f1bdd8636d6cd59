import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { notModelled, type Of } from '../wire/parameters.ts';
import { newPaymentMethod } from './new-payment-method.ts';
import { methodData } from './payment-method-parameters.ts';

const parameters = {
  ...methodData,
  ...notModelled('customer', 'payment_method'),
} satisfies Of<Stripe.PaymentMethodCreateParams>;

export const createPaymentMethod = operation(parameters, async (tx, input) => newPaymentMethod(tx, input));
