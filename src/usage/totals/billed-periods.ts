import type { PeriodOf } from './billing-period.ts';

/**
 * SQL: the periods of a customer's usage of a meter that Stripe has billed, or will with a draft: rows of `starts` and `ends`, without
 * the one of now. Whoever changed from weeks to months had others before than those that the one of now leads to.
 * @param before an expression: when the period of now begins.
 */
export const billedPeriods = ({ customer, stripeMeterId, before }: PeriodOf & { before: string }) => `
  select distinct line.period_start as starts, line.period_end as ends
  from invoice join invoice_line line on line.invoice_id = invoice.id join price on price.id = line.price_id
  where invoice.customer_id = ${customer} and price.stripe_meter_id = ${stripeMeterId} and not line.proration
    and line.period_start < line.period_end and line.period_end <= ${before}`;
