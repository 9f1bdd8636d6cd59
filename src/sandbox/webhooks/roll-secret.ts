import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import { operation } from '../wire/operation.ts';
import { integer } from '../wire/parameter-kinds.ts';

const day = 86_400;

/** Gives an endpoint a new secret; the old one signs beside it for `expires_in` seconds, a day unless given. */
export const rollSecret = operation({ expires_in: integer({ min: 0, max: day }) }, async (tx, input, id) => {
  const endpoint = await tx.get('webhook_endpoint', id!, 'webhook_endpoint');
  const secret = newId('whsec_', 32);
  const previous = { secret: endpoint._sandbox.secret, expires: tx.now + (input.expires_in ?? day) };
  tx.update<Stored<'webhook_endpoint'>>(endpoint, { _sandbox: { secret, previous } });
  return { ...endpoint, secret };
});
