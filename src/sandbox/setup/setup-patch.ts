import type { Stored } from '../objects.ts';
import type { intentParameters } from '../payments/intent-parameters.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import type { Values } from '../wire/parameters.ts';

type SetupIntent = Stored<'setup_intent'>;
type Input = Partial<Values<typeof intentParameters>> & { usage?: 'off_session' | 'on_session' };

/** The fields that a request gives a setup intent; `intent` is missing while it is made. */
export async function setupPatch(
  tx: AccountTransaction,
  intent: SetupIntent | undefined,
  { allowed_payment_method_types, customer, description, metadata, payment_method_types, usage, ...input }: Input,
): Promise<Partial<SetupIntent>> {
  if (customer) await tx.refer('customer', customer, 'customer');
  const types = allowed_payment_method_types ?? payment_method_types;
  const { automatic_payment_methods } = input;
  return {
    customer,
    description,
    usage,
    ...(automatic_payment_methods && { automatic_payment_methods }),
    ...(types && { allowed_payment_method_types: types, automatic_payment_methods: null, payment_method_types: types }),
    ...(metadata !== undefined && { metadata: mergeMetadata(intent?.metadata ?? {}, metadata) }),
  };
}
