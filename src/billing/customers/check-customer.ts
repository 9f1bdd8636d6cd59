import { checkEmail, checkMetadata, checkText } from '../../check-input.ts';
import { badInput } from '../../errors.ts';
import type { Address } from './address.ts';

/** What a caller says of a customer. What is undefined stays as it is; null takes it away. */
export type CustomerInput = {
  email?: string | null;
  externalId?: string | null;
  name?: string | null;
  phone?: string | null;
  description?: string | null;
  address?: Partial<Address> | null;
  metadata?: Record<string, unknown> | null;
};

/** The same, in order. */
export type CustomerChanges = {
  email?: string;
  externalId?: string | null;
  name?: string | null;
  phone?: string | null;
  description?: string | null;
  address?: Address | null;
  metadata?: Record<string, string>;
};

/** @throws Refusal BAD_USER_INPUT with the field. */
export function checkCustomer(input: CustomerInput): CustomerChanges {
  if (input.email === null)
    throw badInput('The email address can be replaced, but not taken away. Leave the field out.', 'email');
  const text = (field: 'externalId' | 'name' | 'phone' | 'description', max: number) => {
    const given = input[field];
    if (given === undefined) return {};
    return { [field]: given === null ? null : checkText(given, field, { max }) };
  };
  return {
    ...(input.email === undefined ? {} : { email: checkEmail(input.email, 'email') }),
    ...text('externalId', 255),
    ...text('name', 256),
    ...text('phone', 20),
    ...text('description', 5_000),
    ...(input.address === undefined ? {} : { address: input.address && checkAddress(input.address) }),
    ...(input.metadata === undefined ? {} : { metadata: checkMetadata(input.metadata ?? {}, 'metadata') }),
  };
}

function checkAddress(address: Partial<Address>): Address {
  const line = (name: keyof Address, max = 500) => {
    const given = address[name];
    return given == null ? null : checkText(given, `address.${name}`, { max });
  };
  const country = line('country');
  if (country !== null && !/^[A-Z]{2}$/.test(country))
    throw badInput('A country is two letters in upper case, as in ISO 3166-1: "DE".', 'address.country');
  const [line1, line2, city, state] = [line('line1'), line('line2'), line('city'), line('state')];
  return { line1, line2, city, state, postalCode: line('postalCode', 20), country };
}
