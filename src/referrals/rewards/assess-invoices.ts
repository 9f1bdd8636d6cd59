import type { EntityManager } from '@mikro-orm/core';
import type { DisputeStatus } from '../../billing/payments/payment-statuses.ts';
import { runStatement } from '../../database/run-statement.ts';
import type { Referral } from '../life/referral.entity.ts';

/** An invoice that counts for a referral, as its rows are now. */
export type AssessedInvoice = {
  id: string;
  /** Why it earns nothing, or no longer; null where it does. */
  fault: 'REFUNDED' | 'DISPUTED' | 'CURRENCY_MISMATCH' | null;
  /** Whether the payer's bank only asks as yet: nothing is credited meanwhile. */
  inquired: boolean;
};

/** By what the first one of these invoices that was paid back was; null where none was. */
export function paidBackBy(invoices: AssessedInvoice[]): 'REFUNDED' | 'DISPUTED' | null {
  for (const { fault } of invoices) if (fault === 'REFUNDED' || fault === 'DISPUTED') return fault;
  return null;
}

/** A bank asks, and has taken nothing. */
const inquiries: DisputeStatus[] = ['WARNING_NEEDS_RESPONSE', 'WARNING_UNDER_REVIEW'];
/** The money is ours again, or was never taken. Whatever we do not know counts as taken. */
const harmless: DisputeStatus[] = [...inquiries, 'WARNING_CLOSED', 'PREVENTED', 'WON'];

/**
 * The first invoices that the referee paid since the code was applied, in the order of Stripe's clock (of the same second, by Stripe's ids:
 * ours say which was seen first), as many as the referral rewards: of each the whole of what was paid reached the minimum. What was refunded
 * or disputed since says whether it still does. An invoice in another currency takes its place among them, and earns nothing.
 */
export async function assessInvoices({ em }: { em: EntityManager }, referral: Referral): Promise<AssessedInvoice[]> {
  const rows = await runStatement<Row>(em, statement, [
    referral.referee.id,
    new Date(Math.floor(referral.appliedAt.getTime() / 1000) * 1000).toISOString(),
    referral.currency,
    String(referral.minimumPaid),
    referral.rewardedInvoices,
    harmless,
    inquiries,
  ]);
  const minimum = BigInt(referral.minimumPaid);
  return rows.map(({ id, currency, paid, refunded, disputed, inquired }) => {
    const kept = BigInt(paid) - BigInt(refunded);
    if (currency !== referral.currency) return { id, fault: 'CURRENCY_MISMATCH', inquired };
    if (kept < minimum) return { id, fault: 'REFUNDED', inquired };
    return { id, fault: kept - BigInt(disputed) < minimum ? 'DISPUTED' : null, inquired };
  });
}

/** Amounts are minor units of the invoice's currency. A dispute in another one takes the whole charge. */
type Row = { id: string; currency: string; paid: string; refunded: string; disputed: string; inquired: boolean };

const statement = `
  with counted as materialized (
    select i.id, i.stripe_invoice_id, i.currency, i.amount_paid, i.paid_at from invoice i
    where i.customer_id = $1 and i.status = 'PAID' and i.amount_paid > 0 and i.paid_at >= $2
      and (i.currency is distinct from $3 or i.amount_paid >= $4::bigint)
    order by i.paid_at, i.stripe_invoice_id limit $5
  )
  select i.id, i.currency, i.amount_paid::text as paid, coalesce(sum(c.amount_refunded), 0)::text as refunded,
    coalesce(sum(d.amount), 0)::text as disputed, coalesce(bool_or(d.inquired), false) as inquired
  from counted i
  left join lateral (
    select p.id from payment p where p.invoice_id = i.id
    union
    select l.payment_id from invoice_payment l where l.invoice_id = i.id and l.stripe_status = 'paid'
  ) p on true
  left join charge c on c.payment_id = p.id and c.status = 'SUCCEEDED'
  left join lateral (
    select bool_or(dispute.status = any($7)) as inquired,
      sum(case when dispute.currency = c.currency then dispute.amount else c.amount end) filter (where dispute.status <> all($6)) as amount
    from dispute where dispute.charge_id = c.id
  ) d on true
  group by i.id, i.stripe_invoice_id, i.currency, i.amount_paid, i.paid_at
  order by i.paid_at, i.stripe_invoice_id`;
