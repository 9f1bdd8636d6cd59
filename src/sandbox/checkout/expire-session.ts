import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';

export const expireSession = operation({}, async (tx, _input, id) => {
  const session = await tx.get('checkout.session', id!, 'session');
  if (session.status !== 'open') {
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
    );
  }
  tx.update(session, { status: 'expired', url: null });
  tx.emit('checkout.session.expired', session);
  return session;
});
