import type Stripe from 'stripe';
import type { CustomerChanges } from './check-customer.ts';

/**
 * What Stripe is asked for. An empty text takes away what is there.
 * @param before the notes that the customer has: those that are not among the new ones go.
 */
export function stripeCustomerOf(
  { email, name, phone, description, address, metadata }: CustomerChanges,
  before: Record<string, string>,
): Stripe.CustomerUpdateParams {
  return {
    ...(email === undefined ? {} : { email }),
    ...(name === undefined ? {} : { name: name ?? '' }),
    ...(phone === undefined ? {} : { phone: phone ?? '' }),
    ...(description === undefined ? {} : { description: description ?? '' }),
    ...(address === undefined ? {} : { address: address ? stripeAddressOf(address) : '' }),
    ...(metadata === undefined ? {} : { metadata: replacedMetadata(metadata, before) }),
  };
}

const stripeAddressOf = (address: NonNullable<CustomerChanges['address']>): Stripe.AddressParam => ({
  line1: address.line1 ?? '',
  line2: address.line2 ?? '',
  city: address.city ?? '',
  state: address.state ?? '',
  postal_code: address.postalCode ?? '',
  country: address.country ?? '',
});

const replacedMetadata = (metadata: Record<string, string>, before: Record<string, string>) => ({
  ...Object.fromEntries(Object.keys(before).map((key) => [key, ''])),
  ...metadata,
});
