import type { EntityManager } from '@mikro-orm/core';
import type { Customer } from '../../billing/customers/customer.entity.ts';
import { runStatement } from '../../database/run-statement.ts';
import type { ReferralReason } from '../life/referral-status.ts';
import { hasPaidBefore } from './has-paid-before.ts';
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
  const mailboxes = mailboxesOf(referrer);
  if (mailboxesOf(referee).some((mailbox) => mailboxes.includes(mailbox))) return 'SAME_EMAIL';
  const [found] = await runStatement<{ card: boolean }>(em, statement, [referrer.id, referee.id]);
  if (found!.card) return 'SAME_CARD';
  return (await hasPaidBefore({ em }, referee.id, before)) ? 'ALREADY_PAYING' : null;
}

/** Stripe lets two customers have one address, of whom one has it here. */
const mailboxesOf = ({ email, emailInStripe }: Customer) =>
  [email, emailInStripe].filter((address) => address != null).map(normalizedEmail);

/** What a customer has saved, and what he ever paid with: a method that was detached since is known by its payment. */
const fingerprintsOf = (customer: string) => `
  select m.fingerprint from payment_method m where m.customer_id = ${customer} and m.fingerprint is not null
  union
  select m.fingerprint from payment p join payment_method m
    on (m.connection_id, m.stripe_payment_method_id) = (p.connection_id, p.stripe_payment_method_id)
  where p.customer_id = ${customer} and p.status = 'SUCCEEDED' and m.fingerprint is not null`;

const statement = `select exists ((${fingerprintsOf('$1')}) intersect (${fingerprintsOf('$2')})) as card`;
