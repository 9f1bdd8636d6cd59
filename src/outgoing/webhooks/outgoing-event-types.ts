/** What `data` of a change holds, by its fields. */
const change = (noun: string, id: string) => ({
  [id]: `Our id of the ${noun}.`,
  customerId: 'Our id of its customer: `pc_…`; null for a guest.',
  changed: 'The names of what changed.',
  before: 'What changed, as it was; null where nothing was before.',
  after: 'What changed, as it is.',
});
const subscription = change('subscription: `ps_…`', 'subscriptionId');
const referral = {
  referralId: 'Our id of the referral: `ref_…`.',
  referrerId: 'Our id of the customer who referred: `pc_…`.',
  refereeId: 'Our id of the customer who was referred: `pc_…`.',
  codeId: 'Our id of the code: `rco_…`.',
};
const invoice = change('invoice: `inv_…`', 'invoiceId');

/**
 * Everything that an endpoint can be told, with what `data` holds: ids and states, nothing personal. docs/outgoing-webhooks.md
 * has the same table, which a test compares. Amounts are whole minor units; instants are ISO 8601, in UTC.
 */
export const outgoingEventTypes = {
  'customer.state_changed': {
    tells: 'What a customer may use, has used, owes or has subscribed to is another. A burst of changes is told once.',
    data: {
      customerId: 'Our id: `pc_…`. Null where a feature or product changed, and with it the state of many customers.',
      externalId: "The app's own id of the customer; null where there is none.",
      version: 'That of the state: it grows with each change.',
    },
  },
  'subscription.created': { tells: 'A subscription is there.', data: subscription },
  'subscription.updated': { tells: 'What we publish of a subscription is another.', data: subscription },
  'subscription.ended': { tells: 'A subscription ended; it comes besides its last `updated`.', data: subscription },
  'invoice.finalized': { tells: 'An invoice is to be paid.', data: invoice },
  'invoice.paid': { tells: 'An invoice is paid.', data: invoice },
  'invoice.payment_failed': { tells: 'A try to pay an invoice failed.', data: invoice },
  'invoice.voided': { tells: 'An invoice is void: nothing is to be paid.', data: invoice },
  'invoice.marked_uncollectible': { tells: 'An invoice is given up.', data: invoice },
  'usage.threshold_reached': {
    tells: 'A customer has used so much of a limit. Once for each customer, feature, period and threshold.',
    data: {
      customerId: 'Our id: `pc_…`.',
      externalId: "The app's own id of the customer; null where there is none.",
      featureId: 'Our id of the feature: `fea_…`.',
      featureKey: 'Its key.',
      threshold: 'Which part of the limit, in percent: 80 or 100.',
      used: 'What was used then, a decimal in text.',
      limit: 'The limit then, a decimal in text.',
      periodStart: 'The period that is counted: its start.',
      periodEnd: 'Its end.',
    },
  },
  'referral.converted': {
    tells: 'A referral was credited: its hold is over. Again where that was reversed, and the payment came back.',
    data: { ...referral, reason: 'Null.' },
  },
  'referral.reversed': {
    tells:
      'What a referral was paid by was refunded or disputed, or the referee turns out to have paid before. What was credited is taken back.',
    data: {
      ...referral,
      reason: 'Why: `REFUNDED`, `DISPUTED`, or `ALREADY_PAYING` where the referral is rejected now.',
    },
  },
  'endpoint.test': {
    tells: 'Nothing happened: somebody tries the endpoint. It comes whatever the endpoint wants.',
    data: { endpointId: 'Our id of the endpoint: `oep_…`.' },
  },
} as const satisfies Record<string, { tells: string; data: Record<string, string> }>;

export type OutgoingEventType = keyof typeof outgoingEventTypes;

/** What an endpoint can ask for: every type, those of a group, or one. */
export const outgoingEventPatterns: readonly string[] = [
  '*',
  ...new Set(Object.keys(outgoingEventTypes).map((type) => `${type.split('.')[0]}.*`)),
  ...Object.keys(outgoingEventTypes),
].filter((pattern) => !pattern.startsWith('endpoint.'));

/** Whether an endpoint that asks for these patterns is told of such an event. */
export const wantsEvent = (patterns: readonly string[], type: OutgoingEventType) =>
  patterns.some((pattern) => pattern === '*' || pattern === type || pattern === `${type.split('.')[0]}.*`);
