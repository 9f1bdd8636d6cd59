/** What each number is: the sentences that are published with it, and that docs/analytics.md explains. Money is by currency. */
export const definitions = {
  mrr: 'The recurring revenue of a month: the sum of what each subscription comes to that is ACTIVE or PAST_DUE and whose collection is not paused. Each item counts as price times quantity, in its tiers, brought to a month (day × 365/12, week × 52/12, month, year / 12, divided by the interval count), less the discounts that last; metered and one-time prices count as 0. The sum is exact, and rounded once.',
  mrrWithTrials:
    'As `mrr`, with what subscriptions in a trial will come to (`trialMrr`) counted in: the rule of those who come from BillStack.',
  arr: 'Twelve times the exact `mrr`, rounded then.',
  trialMrr:
    'What the subscriptions that are TRIALING and whose collection is not paused will add to `mrr` when their trials are over, if nothing changes. It is no part of `mrr`, unless trials are counted in.',
  arpa: 'The exact `mrr` divided by the number of customers in `payingCustomerCount` of the currency.',
  payingCustomerCount:
    'The customers who have at least one subscription whose part of `mrr` is above 0. A customer who pays in two currencies is one in each, and one in all together.',
  payingCustomerCountWithTrials:
    'The customers who have at least one subscription whose part of `mrr` is above 0 or that is TRIALING. A customer of two currencies is one in each, and one in all together.',
  payingSubscriptionCount: 'The subscriptions whose part of `mrr` is above 0.',
  new: 'The recurring revenue of subscriptions that had never paid before and began to, in the time.',
  expansion: 'What subscriptions that paid already came to pay more, in the time.',
  contraction: 'What subscriptions that go on paying came to pay less, in the time, below 0.',
  churn:
    'The recurring revenue of subscriptions that came to pay nothing (they ended, were paused, or are no longer collected), in the time, below 0.',
  reactivation:
    'The recurring revenue of subscriptions that had paid once, came to pay nothing, and pay again, in the time.',
  net: 'All changes of recurring revenue in the time: `mrr` at its end less `mrr` at its begin.',
  grossRevenueChurnRate:
    'What `churn` and `contraction` took in the window, divided by `mrr` at its begin. Trials are never counted in.',
  netRevenueChurnRate:
    'What `churn` and `contraction` took in the window, less what `expansion` and `reactivation` brought, divided by `mrr` at its begin. Below 0 where more was brought than taken. Trials are never counted in.',
  customerCount: 'The customers that were created and not deleted.',
  activeSubscriptionCount: 'The subscriptions that are ACTIVE or PAST_DUE, whatever they pay.',
  churnRate:
    'Of the subscriptions that were ACTIVE or PAST_DUE at the begin of the window (the denominator), those that became CANCELED within it (the numerator).',
  subscriptions: 'The subscriptions of this status.',
  customerGrowth:
    'The customers that were created and deleted on each day (UTC) of the window, and how many there were at its end. The first and last day are cut where the window cuts them.',
  webhooksReceived:
    'The events that Stripe delivered in the window, or that were fetched from it in its place, for all projects of the Stripe account.',
  webhooksProcessed: 'Of the events received in the window, those whose object was brought to the rows.',
  webhooksIgnored: 'Of the events received in the window, those that say nothing that is kept here.',
  webhooksPending: 'Of the events received in the window, those that wait and have not failed.',
  webhooksFailed: 'Of the events received in the window, those that failed at least once and are tried again.',
  webhooksDead: 'Of the events received in the window, those that failed too often and are not tried again.',
  webhooksUnrouted: 'Of the events received in the window, those whose customer belongs to no project.',
  referralsApplied: 'The referrals whose code was applied in the window, the rejected ones too.',
  referrals: 'Of the referrals applied in the window, those that have this status now.',
  referralCreditPaid:
    "What was put on customers' balances in Stripe for referrals in the window, less what was taken back from them in it: the sum of the ledger's account STRIPE_BALANCE, with the other sign.",
} as const;

/** The same, where amounts were converted. */
export const converted = (definition: string) =>
  `${definition} Converted from each currency by the exchange rates that are told (of the day of \`asOf\`, for all of the window), and rounded once.`;

/** The same of a history, of which each point has an `asOf` of its own. */
export const convertedHistory = (definition: string) =>
  `${definition} Converted from each currency by the exchange rates that are told (of the day on which the history ends, for all of it), and rounded once.`;
