import { filledAddress } from '../customers/filled-address.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import type { Values } from '../wire/parameters.ts';
import type { intentParameters, paymentParameters } from './intent-parameters.ts';

type Intent = Stored<'payment_intent'>;
type Input = Partial<Values<typeof intentParameters & typeof paymentParameters>> & {
  amount?: number;
  currency?: string;
  payment_method_options?: { card?: object };
};

/** The fields that a request gives a payment intent; `intent` is missing while it is made. */
export async function intentPatch(
  tx: AccountTransaction,
  intent: Intent | undefined,
  input: Input,
): Promise<Partial<Intent>> {
  if (input.customer) await tx.refer('customer', input.customer, 'customer');
  const { allowed_payment_method_types, automatic_payment_methods, payment_method_types, ...rest } = input;
  const { metadata, payment_method_options, shipping, ...plain } = rest;
  const types = allowed_payment_method_types ?? payment_method_types;
  const options = payment_method_options?.card;
  return {
    ...(plain as Partial<Intent>),
    ...(automatic_payment_methods && { automatic_payment_methods }),
    ...(types && { allowed_payment_method_types: types, automatic_payment_methods: null, payment_method_types: types }),
    ...(metadata !== undefined && { metadata: mergeMetadata(intent?.metadata ?? {}, metadata) }),
    ...(options && { payment_method_options: { card: { ...cardOptions, ...options } } }),
    ...(shipping !== undefined && {
      shipping: shipping && ({ ...shipping, address: filledAddress(shipping.address)! } as Intent['shipping']),
    }),
  };
}

const cardOptions = {
  installments: null,
  mandate_options: null,
  network: null,
  request_three_d_secure: 'automatic' as const,
};
