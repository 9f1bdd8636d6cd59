import type { InputFields } from '../stripe/input-fields.ts';
import type { SubscriptionChange } from './subscription-change.ts';

/** Stripe's words for what the input says. */
export const fieldsOf = ({ items, plan }: SubscriptionChange): InputFields =>
  items == null
    ? {
        'items[*][price]': plan == null ? 'priceId' : 'plan',
        'items[*][quantity]': 'quantity',
        'items[*][id]': 'subscriptionId',
      }
    : { 'items[*][id]': 'items.*.itemId' };
