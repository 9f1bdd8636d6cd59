import type { AccountTransaction } from '../store/account-transaction.ts';
import { resourceMissing } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { text } from '../wire/parameter-kinds.ts';

/** `GET /v1/…_intents/:id`; a client secret that comes along must be the intent's. */
export function retrieveIntent(name: 'payment_intent' | 'setup_intent') {
  return operation({ client_secret: text() }, async (tx: AccountTransaction, { client_secret }, id) => {
    const intent = await tx.get(name, id!, 'intent');
    if (client_secret === undefined || client_secret === intent.client_secret) return intent;
    throw resourceMissing(name, intent.id, 'client_secret', 404);
  });
}
