import { apiVersion } from '../api-version.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import type { Form } from './form-body.ts';
import type { Operation } from './operation.ts';

/** Does what a request with this form would do, as strictly: how pages use the API. */
export async function perform(
  tx: AccountTransaction,
  operation: Operation,
  form: { [name: string]: Form },
  ...ids: string[]
) {
  const { expand: _, ...input } = operation.parameters.read(form, { name: '', version: apiVersion });
  return operation.run(tx, input as never, ...ids);
}
