import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { sessionUrl } from './new-session.ts';
import { reorder } from './session-amounts.ts';

type Session = Stored<'checkout.session'>;

const day = 86_400;

/** The address at which a payer takes up a session that expired, if it offers one: good for 30 days. */
export function recovery(tx: AccountTransaction, { after_expiration, id }: Session): Session['after_expiration'] {
  const wanted = after_expiration?.recovery;
  if (!wanted?.enabled) return after_expiration;
  return { recovery: { ...wanted, expires_at: tx.now + 30 * day, url: `${tx.publicUrl}/c/recover/${id}` } };
}

/** Opens a copy of an expired session; `undefined` where it offers none, or no longer. */
export async function recoverSession(tx: AccountTransaction, expired: Session): Promise<Session | undefined> {
  const offered = expired.after_expiration?.recovery;
  if (!offered?.url || offered.expires_at! <= tx.now) return undefined;
  const id = newId('cs_test_a1', 58);
  const order = { ...expired._sandbox.order, intent: null, payer: null };
  const session = tx.add<Session>({
    ...structuredClone(expired),
    id,
    after_expiration: null,
    allow_promotion_codes: offered.allow_promotion_codes || expired.allow_promotion_codes,
    created: tx.now,
    expires_at: tx.now + day,
    recovered_from: expired.id,
    status: 'open',
    url: sessionUrl(tx, id),
    _sandbox: { order },
  });
  await reorder(tx, session, order);
  tx.schedule('checkout.session.expire', id, session.expires_at);
  return session;
}
