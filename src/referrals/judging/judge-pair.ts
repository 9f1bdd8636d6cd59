import type { EntityManager } from '@mikro-orm/core';
import type { Customer } from '../../billing/customers/customer.entity.ts';
import { runStatement } from '../../database/run-statement.ts';
import type { ReferralReason } from '../life/referral-status.ts';
import { normalizedEmail } from './normalized-email.ts';

type Pair = { referrer: Customer; referee: Customer };

/**
 * Why nobody may be credited for this pair, as far as our rows show: both are one person, or the referee paid before.
 * @param input.before which payments are too early: those that Stripe saw before this instant; all that are known where it is null.
 */
export async function judgePair(
  { em }: { em: EntityManager },
  { referrer, referee, before }: Pair & { before: Date | null },
): Promise<ReferralReason | null> {
  if (referrer.email && referee.email && normalizedEmail(referrer.email) === normalizedEmail(referee.email))
    return 'SAME_EMAIL';
  const [found] = await runStatement<{ paying: boolean; card: boolean }>(em, statement, [
    referrer.id,
    referee.id,
    before && new Date(Math.floor(before.getTime() / 1000) * 1000).toISOString(),
  ]);
  if (found!.card) return 'SAME_CARD';
  return found!.paying ? 'ALREADY_PAYING' : null;
}

/** What a customer has saved, and what he ever paid with: a method that was detached since is known by its payment. */
const fingerprintsOf = (customer: string) => `
  select m.fingerprint from payment_method m where m.customer_id = ${customer} and m.fingerprint is not null
  union
  select m.fingerprint from payment p join payment_method m
    on (m.connection_id, m.stripe_payment_method_id) = (p.connection_id, p.stripe_payment_method_id)
  where p.customer_id = ${customer} and p.status = 'SUCCEEDED' and m.fingerprint is not null`;

/** Stripe's instants are whole seconds. */
const statement = `
  select
    exists ((${fingerprintsOf('$1')}) intersect (${fingerprintsOf('$2')})) as card,
    exists (
      select from invoice i where i.customer_id = $2 and i.status = 'PAID' and i.amount_paid > 0
        and ($3::timestamptz is null or i.paid_at < $3)
      union all
      select from payment p join charge c on c.payment_id = p.id
      where p.customer_id = $2 and c.status = 'SUCCEEDED' and c.amount_captured > 0
        and ($3::timestamptz is null or c.created_at < $3)
    ) as paying`;
