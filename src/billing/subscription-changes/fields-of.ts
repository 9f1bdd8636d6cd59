import type { InputFields } from '../../stripe/input-fields.ts';
import type { ItemAfter } from './change-items.ts';
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

/** The same of a schedule, whose last phase has all that is billed afterwards: what the input does not name has no field. */
export const scheduledFieldsOf = (after: ItemAfter[], { plan }: Pick<SubscriptionChange, 'plan'>): InputFields => ({
  'phases[*][items][*][price]': null,
  'phases[*][items][*][quantity]': null,
  from_subscription: 'subscriptionId',
  ...Object.fromEntries(
    after.flatMap(({ at }, index) =>
      at === null
        ? []
        : [
            [`phases[1][items][${index}][price]`, plan == null ? `${at}priceId` : `${at}plan`],
            [`phases[1][items][${index}][quantity]`, `${at}quantity`],
          ],
    ),
  ),
});
