import { checkEmail, checkText } from '../../check-input.ts';
import { badInput } from '../../errors.ts';
import type { Match } from '../../reader/look-up.ts';
import { statusesWithAccess } from '../subscriptions/subscription-status.ts';

/** Which customers: those for which everything that is given holds. */
export type CustomersWanted = {
  email?: string | null;
  emailPrefix?: string | null;
  externalId?: string | null;
  hasSubscription?: boolean | null;
  createdAfter?: Date | null;
  createdBefore?: Date | null;
};

const givesAccess = statusesWithAccess.map((status) => `'${status}'`).join();

/**
 * The filter as conditions on a customer.
 * @throws Refusal BAD_USER_INPUT with the field that is wrong.
 */
export function customerFilter(wanted: CustomersWanted): { where: Record<string, string>; matches: Match[] } {
  const { email, emailPrefix, externalId, hasSubscription, createdAfter, createdBefore } = wanted;
  if (createdAfter != null && createdBefore != null && createdAfter >= createdBefore)
    throw badInput('`createdAfter` must be earlier than `createdBefore`.', 'filter.createdBefore');
  const where = {
    ...(email == null ? {} : { email: checkEmail(email, 'filter.email') }),
    ...(externalId == null ? {} : { externalId: checkText(externalId, 'filter.externalId', { max: 255 }) }),
  };
  const matches: Match[] = [];
  if (emailPrefix != null) {
    const prefix = checkText(emailPrefix, 'filter.emailPrefix', { max: 512 }).toLowerCase();
    // By bytes, as the index has them: no text that begins so is beyond the last character that there is.
    matches.push({
      name: 'email begins',
      sql: (customer, from, to) => `${customer}.email ~>=~ ${from} and ${customer}.email ~<~ ${to}`,
      values: [prefix, `${prefix}\u{10FFFF}`],
    });
  }
  if (hasSubscription != null)
    matches.push({
      name: `${hasSubscription ? 'with' : 'without'} subscription`,
      sql: (customer) =>
        `${hasSubscription ? '' : 'not '}exists (select from subscription held where held.customer_id = ${customer}.id and held.status in (${givesAccess}))`,
      values: [],
    });
  if (createdAfter != null)
    matches.push({
      name: 'created after',
      sql: (customer, instant) => `${customer}.created_at > ${instant}::timestamptz`,
      values: [createdAfter.toISOString()],
    });
  if (createdBefore != null)
    matches.push({
      name: 'created before',
      sql: (customer, instant) => `${customer}.created_at < ${instant}::timestamptz`,
      values: [createdBefore.toISOString()],
    });
  return { where, matches };
}
