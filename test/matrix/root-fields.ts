import type { Reach } from './canary-values.ts';
import type { Side } from './world.ts';

/** How a root field is asked. */
export type Entry = {
  /** How far its answer may reach. A customer token reaches its customer alone, whatever stands here. */
  reach: Exclude<Reach, 'customer'>;
  /**
   * The arguments of valid questions. `own` is where the caller works; the rows that are named are those of `of`, which may be
   * those of another tenant. The first one is carried out where the field's rights are tried.
   */
  asks(own: Side, of: Side): object[];
  /** What the rows that are named need, where that is more than the published guard: an OR of ANDs. */
  needs?: string[][];
  /** Whether the query asks Stripe, which nobody is in LIVE of the world: there it answers STRIPE_ERROR. */
  asksStripe?: boolean;
  /** Whether no argument can name a row: then there is nothing of another tenant's to name. */
  namesNothing?: boolean;
};

const plain = (reach: Entry['reach']): Entry => ({ reach, asks: () => [{}], namesNothing: true });
const page = (reach: Entry['reach']): Entry => ({
  reach,
  asks: () => [{ first: 20 }, { last: 20 }],
  namesNothing: true,
});
const input = (reach: Entry['reach'], asks: (of: Side['rows'], own: Side) => object[]): Entry => ({
  reach,
  asks: (own, of) => asks(of.rows, own).map((input) => ({ input })),
});
const nothingNamed = (reach: Entry['reach'], ask: (own: Side) => object): Entry => ({
  reach,
  asks: (own) => [{ input: ask(own) }],
  namesNothing: true,
});

let serial = 0;
const email = () => `new_${serial++}@example.com`;
const returnUrl = 'https://example.com/account';
const back = { successUrl: 'https://example.com/done', cancelUrl: 'https://example.com/back' };

/** An answer that says when it was asked would differ each time. */
const aYear = { from: '2026-06-01T00:00:00Z', to: '2027-06-01T00:00:00Z' };

/** Every root field of the graph. One that is missing here fails the matrix: say how it is asked, and how far it reaches. */
export const entries: Record<string, Entry> = {
  'query analytics': {
    reach: 'project',
    asks: () => [{ window: aYear }, { window: aYear, currency: 'USD', includeTrials: true }],
    namesNothing: true,
  },
  'query analyticsHistory': {
    reach: 'project',
    asks: () => [
      { from: '2020-01-01', to: '2020-01-31' },
      { from: '2020-01-01', to: '2020-12-31', interval: 'MONTH' },
    ],
    namesNothing: true,
  },
  'query apiKeyUsage': {
    reach: 'team',
    asks: (_, { rows }) => [{ keyId: rows.apiKeyId, from: '2026-11-01', to: '2027-06-30' }],
  },
  'query apiKeys': page('team'),
  'query auditLog': {
    reach: 'team',
    asks: (_, { rows }) => [
      { first: 50, filter: { subject: rows.customerId } },
      { filter: { actor: rows.apiKeyId } },
      { last: 50 },
    ],
  },
  'query backfill': { reach: 'connection', asks: (_, { rows }) => [{ id: rows.backfillId }] },
  'query backfills': page('connection'),
  'query checkoutSession': { reach: 'project', asks: (_, { rows }) => [{ id: rows.checkoutSessionId }] },
  'query customer': {
    reach: 'project',
    asks: (_, { rows }) => [
      { by: { id: rows.customerId } },
      { by: { externalId: rows.externalId } },
      { by: { email: rows.email } },
      { by: { stripeId: rows.stripeCustomerId } },
    ],
  },
  'query customerState': {
    reach: 'project',
    asks: (_, { rows }) => [
      { by: { id: rows.customerId } },
      { by: { externalId: rows.externalId } },
      { by: { email: rows.email } },
      { by: { stripeId: rows.stripeCustomerId } },
    ],
  },
  'query customers': page('project'),
  'query doctor': plain('connection'),
  'query driftReport': plain('connection'),
  'query exchangeRates': page('project'),
  'query explainAccess': {
    reach: 'project',
    asks: (own, { rows }) => [
      { customer: { externalId: rows.externalId }, feature: rows.featureKey },
      { customer: { email: own.rows.email }, feature: rows.featureId },
    ],
  },
  'query feature': {
    reach: 'project',
    asks: (_, { rows }) => [{ by: { id: rows.featureId } }, { by: { key: rows.featureKey } }],
  },
  'query features': page('project'),
  'query hasAccess': {
    reach: 'project',
    asks: (own, { rows }) => [
      { customer: { externalId: rows.externalId }, feature: rows.featureKey },
      { customer: { email: own.rows.email }, feature: rows.featureId },
    ],
  },
  'query ingestionHealth': plain('connection'),
  'query invoice': { reach: 'project', asks: (_, { rows }) => [{ id: rows.invoiceId }] },
  'query invoices': {
    reach: 'project',
    asks: (_, { rows }) => [
      { first: 20 },
      { filter: { customerId: rows.customerId } },
      { filter: { subscriptionId: rows.subscriptionId } },
    ],
  },
  'query ledgerEntries': {
    reach: 'project',
    asks: (_, { rows }) => [{ first: 20 }, { filter: { customerId: rows.customerId } }],
  },
  'query meter': { reach: 'project', asks: (_, { rows }) => [{ by: { id: rows.meterId } }] },
  'query meterErrors': page('project'),
  'query meters': page('project'),
  'query mrrContributors': {
    reach: 'project',
    asks: () => [
      { currency: 'USD', asOf: aYear.to },
      { currency: 'USD', trials: true, asOf: aYear.to, last: 5 },
    ],
    namesNothing: true,
  },
  'query mrrMovements': {
    reach: 'project',
    asks: () => [{ window: aYear, interval: 'MONTH' }],
    namesNothing: true,
  },
  'query node': {
    reach: 'project',
    needs: [['customers:read']],
    asks: (_, { rows }) => [{ id: rows.customerId }],
  },
  'query outgoingDeliveries': {
    reach: 'project',
    asks: (_, { rows }) => [{ first: 20 }, { filter: { endpointId: rows.endpointId } }, { last: 20 }],
  },
  'query outgoingEndpoints': page('project'),
  'query outgoingMessages': {
    reach: 'project',
    asks: (_, { rows }) => [{ first: 20 }, { filter: { customerId: rows.customerId } }, { last: 20 }],
  },
  'query payment': { reach: 'project', asks: (_, { rows }) => [{ id: rows.paymentId }] },
  'query paymentIntent': { reach: 'project', asks: (_, { rows }) => [{ id: rows.paymentId }] },
  'query payments': {
    reach: 'project',
    asks: (_, { rows }) => [{ first: 20 }, { filter: { customerId: rows.customerId } }],
  },
  'query previewSubscriptionChange': {
    reach: 'project',
    // LIVE of the world has no Stripe that answers.
    asks: (_, { rows: { subscriptionId, priceId } }) => [{ input: { subscriptionId, priceId } }],
    asksStripe: true,
  },
  'query prices': page('project'),
  'query products': page('project'),
  'query projectSettings': plain('project'),
  'query projects': plain('team'),
  'query referralBalances': {
    reach: 'project',
    asks: (_, { rows }) => [{}, { customerId: rows.customerId }],
  },
  'query referralPayouts': {
    reach: 'project',
    asks: (_, { rows }) => [{ first: 20 }, { filter: { customerId: rows.customerId } }],
  },
  'query stripeConnections': plain('team'),
  'query subscription': { reach: 'project', asks: (_, { rows }) => [{ id: rows.subscriptionId }] },
  'query subscriptions': {
    reach: 'project',
    asks: (_, { rows }) => [
      { first: 20, filter: { activeOnly: false } },
      { last: 20 },
      { first: 20, filter: { customerId: rows.customerId } },
      { first: 20, filter: { email: rows.email } },
    ],
  },
  'query team': plain('team'),
  'query upcomingInvoice': {
    reach: 'project',
    // The first names nothing, since Stripe is asked for what is there, and the world's LIVE side has no Stripe that answers.
    asks: (_, { rows }) => [
      { subscriptionId: 'ps_00000000000000000000000000' },
      { subscriptionId: rows.subscriptionId },
      { customerId: rows.customerId },
    ],
  },
  'query usage': {
    reach: 'project',
    asks: (own, { rows }) => [
      { customer: { id: rows.customerId }, meter: { id: rows.meterId } },
      { customer: { id: own.rows.customerId }, meter: { id: rows.meterId } },
      { customer: { externalId: rows.externalId }, meter: { id: own.rows.meterId }, groupBy: 'DAY' },
    ],
  },
  'query usageForwarding': plain('project'),
  'query referralCodes': {
    reach: 'project',
    asks: (_, { rows }) => [
      { first: 20, filter: { customerId: rows.customerId } },
      { filter: { code: rows.referralCode, active: true } },
      { last: 20 },
    ],
  },
  'query referralConfig': plain('project'),
  'query referrals': {
    reach: 'project',
    asks: (_, { rows }) => [
      { first: 20, filter: { referrerId: rows.customerId, status: 'PENDING' } },
      { filter: { codeId: rows.referralCodeId } },
      { last: 20 },
    ],
  },
  'query usageEvents': {
    reach: 'project',
    asks: (_, { rows }) => [
      { first: 20 },
      { filter: { customerId: rows.customerId } },
      { filter: { meterId: rows.meterId } },
    ],
  },
  'query viewer': plain('team'),
  'query webhookEvents': {
    reach: 'connection',
    asks: (_, { rows }) => [{ first: 50, filter: { objectId: rows.stripeCustomerId } }, { last: 50 }],
  },

  'mutation acceptInvitation': nothingNamed('team', () => ({ token: 'A'.repeat(32) })),
  'mutation addCustomerTaxId': input('project', ({ customerId }) => [
    { customerId, type: 'eu_vat', value: 'DE123456789' },
  ]),
  'mutation archiveMeter': input('project', ({ meterId }) => [{ meterId }]),
  'mutation archiveFeature': input('project', ({ featureId }) => [{ feature: featureId }]),
  'mutation archivePrice': input('project', ({ priceId }) => [{ priceId }, { priceId, reactivate: true }]),
  'mutation archiveProduct': input('project', ({ productId }) => [{ productId }, { productId, reactivate: true }]),
  'mutation archiveProject': input('team', ({ projectId }) => [{ projectId }]),
  'mutation assignStripeCustomer': input('connection', ({ strangerId, projectId }, own) => [
    { stripeCustomerId: strangerId, projectId },
    { stripeCustomerId: strangerId, projectId: own.rows.projectId },
    { stripeCustomerId: own.rows.strangerId, projectId },
  ]),
  'mutation assignStripePayment': input('connection', ({ guestPaymentId, projectId }, own) => [
    { stripePaymentIntentId: guestPaymentId, projectId },
    { stripePaymentIntentId: guestPaymentId, projectId: own.rows.projectId },
    { stripePaymentIntentId: own.rows.guestPaymentId, projectId },
  ]),
  'mutation cancelSubscription': input('project', ({ subscriptionId }) => [{ subscriptionId }]),
  'mutation cancelPaymentIntent': input('project', ({ paymentId }) => [{ paymentId }]),
  'mutation changePriceAmount': input('project', ({ priceId }) => [{ priceId, unitAmount: 2 }]),
  'mutation connectStripe': nothingNamed('team', ({ environment }) => ({
    environment,
    secretKey: `sk_${environment.toLowerCase()}_51${'0'.repeat(24)}`,
  })),
  'mutation createApiKey': input('team', ({ projectId }, { environment }) => [
    { name: 'New', scopes: ['customers:read'], environment, projectIds: [projectId] },
  ]),
  'mutation createCheckoutSession': input('project', ({ customerId, priceId }, own) => [
    { ...back, customerId, priceId },
    { ...back, customerId: own.rows.customerId, priceId },
    { ...back, customerId, priceId: own.rows.priceId },
  ]),
  'mutation createCustomer': nothingNamed('project', () => ({ email: email() })),
  'mutation createAccessToken': input('project', ({ customerId }) => [{ customerId }]),
  'mutation createCustomerToken': input('project', ({ customerId }) => [{ customerId, scopes: ['customers:read'] }]),
  'mutation createMeter': nothingNamed('project', () => ({
    eventName: `new_${serial++}`,
    displayName: 'New',
    aggregation: 'SUM',
  })),
  'mutation createPortalSession': {
    reach: 'project',
    asks: (own, { rows }) => [
      { input: { returnUrl, customerId: rows.customerId, kind: 'BILLGRAPH' } },
      { input: { returnUrl, customerId: rows.customerId } },
      {
        input: {
          returnUrl,
          customerId: own.rows.customerId,
          flow: { type: 'CANCEL', subscriptionId: rows.subscriptionId },
        },
      },
    ],
  },
  'mutation createOutgoingEndpoint': nothingNamed('project', () => ({ url: 'https://127.0.0.1:9/hooks' })),
  'mutation createFeature': nothingNamed('project', () => ({ key: `new_${serial++}`, name: 'New', type: 'BOOLEAN' })),
  'mutation createPaymentIntent': input('project', ({ customerId }) => [
    { customerId, amount: 2_000, currency: 'USD' },
  ]),
  'mutation createPrice': input('project', ({ productId }) => [{ productId, currency: 'USD', unitAmount: 1 }]),
  'mutation createProduct': nothingNamed('project', () => ({ name: 'New' })),
  'mutation createProject': nothingNamed('team', () => ({ name: 'New' })),
  'mutation deleteCustomer': input('project', ({ customerId }) => [{ customerId }]),
  'mutation deleteExchangeRate': input('project', ({ exchangeRateId }) => [{ exchangeRateId }]),
  'mutation deleteOutgoingEndpoint': input('project', ({ endpointId }) => [{ endpointId }]),
  'mutation detachPaymentMethod': input('project', ({ paymentMethodId }) => [{ paymentMethodId }]),
  'mutation discardPendingChange': input('project', ({ subscriptionId }) => [{ subscriptionId }]),
  'mutation disconnectStripe': nothingNamed('team', ({ environment }) => ({ environment })),
  'mutation expireCheckoutSession': input('project', ({ checkoutSessionId }) => [{ checkoutSessionId }]),
  'mutation grantFeature': input('project', ({ customerId, featureId }, own) => [
    { customerId, feature: featureId, limit: '1', reason: 'Because.' },
    { customerId: own.rows.customerId, feature: featureId, limit: '1', reason: 'Because.' },
    { customerId, feature: own.rows.featureId, limit: '1', reason: 'Because.' },
  ]),
  'mutation inviteMember': nothingNamed('team', () => ({ email: email(), role: 'VIEWER' })),
  'mutation leaveTeam': input('team', ({ teamId }) => [{ teamId }]),
  // Of one Stripe account's projects each may learn that another has the customer: a conflict.
  'mutation linkStripeCustomer': input('connection', ({ strangerId, stripeCustomerId }) => [
    { stripeCustomerId: strangerId },
    { stripeCustomerId },
  ]),
  'mutation overrideFeature': input('project', ({ customerId, featureId }, own) => [
    { customerId, feature: featureId, allowed: false, reason: 'Because.' },
    { customerId: own.rows.customerId, feature: featureId, allowed: false, reason: 'Because.' },
  ]),
  'mutation pauseCollection': input('project', ({ subscriptionId }) => [{ subscriptionId, behavior: 'VOID' }]),
  'mutation reactivateMeter': input('project', ({ meterId }) => [{ meterId }]),
  'mutation reactivateFeature': input('project', ({ featureId }) => [{ feature: featureId }]),
  'mutation recomputeAnalytics': nothingNamed('project', () => ({ from: '2020-01-01', to: '2026-01-01' })),
  'mutation reconcile': nothingNamed('connection', () => ({ dryRun: true })),
  'mutation refundPayment': input('project', ({ paymentId }) => [{ paymentId, amount: 1 }]),
  'mutation removeCustomerTaxId': input('project', ({ taxIdId }) => [{ taxIdId }]),
  'mutation removeProductFeature': input('project', ({ productId, featureId }, own) => [
    { productId, feature: featureId },
    { productId: own.rows.productId, feature: featureId },
  ]),
  'mutation removeMember': input('team', ({ memberId }) => [{ memberId }]),
  'mutation replayOutgoingMessages': input('project', ({ endpointId }) => [{ endpointId, filter: {} }]),
  'mutation replayWebhookEvents': input('connection', ({ eventId, stripeCustomerId }) => [
    { ids: [eventId] },
    { filter: { objectId: stripeCustomerId } },
  ]),
  'mutation replaceUsage': input('project', ({ usageEventId: id }) => [
    { event: { id }, value: '2', reason: 'A test' },
  ]),
  'mutation reportUsage': input('project', ({ customerId, meterId }, own) => [
    { events: [{ meter: meterId, customerId, value: '1' }] },
    { events: [{ meter: own.rows.meterId, customerId, value: '1' }] },
    { events: [{ meter: meterId, customerId: own.rows.customerId, value: '1' }] },
  ]),
  'mutation resendUsage': input('project', ({ usageEventId, meterId }) => [
    { usageEventIds: [usageEventId] },
    { meterId },
  ]),
  'mutation resumeCollection': input('project', ({ subscriptionId }) => [{ subscriptionId }]),
  'mutation resumeSubscription': input('project', ({ subscriptionId }) => [{ subscriptionId }]),
  'mutation revokeApiKey': input('team', ({ apiKeyId }) => [{ apiKeyId }]),
  'mutation applyReferral': input('project', ({ otherCustomerId, referralCode }) => [
    { customerId: otherCustomerId, code: referralCode },
  ]),
  'mutation createReferralCode': input('project', ({ customerId }) => [{ customerId }]),
  'mutation deactivateReferralCode': input('project', ({ referralCodeId }) => [{ codeId: referralCodeId }]),
  'mutation retryReferralPayout': input('project', ({ referralPayoutId }) => [{ id: referralPayoutId }]),
  'mutation updateReferralConfig': nothingNamed('project', () => ({ holdDays: 3 })),
  'mutation revokeFeatureGrant': input('project', ({ grantId }) => [{ grantId, reason: 'Because.' }]),
  'mutation revokeInvitation': input('team', ({ invitationId }) => [{ invitationId }]),
  'mutation rollWebhookSecret': nothingNamed('team', ({ environment }) => ({ environment })),
  'mutation rotateApiKey': input('team', ({ apiKeyId }) => [{ apiKeyId }]),
  'mutation rotateOutgoingEndpointSecret': input('project', ({ endpointId }) => [{ endpointId }]),
  'mutation rotateStripeKey': nothingNamed('team', ({ environment }) => ({
    environment,
    secretKey: `sk_${environment.toLowerCase()}_51${'0'.repeat(24)}`,
  })),
  'mutation setDefaultPaymentMethod': input('project', ({ customerId, paymentMethodId }, own) => [
    { paymentMethodId },
    { customerId, paymentMethodId: own.rows.paymentMethodId },
  ]),
  'mutation setDefaultPaymentMethodFromCheckout': input('project', ({ checkoutSessionId }) => [{ checkoutSessionId }]),
  'mutation setExchangeRate': nothingNamed('project', () => ({
    from: 'CHF',
    to: 'USD',
    day: '2026-11-21',
    rate: '1.2',
  })),
  'mutation setProductFeature': input('project', ({ productId, featureId }, own) => [
    { productId, feature: featureId, limit: '1' },
    { productId: own.rows.productId, feature: featureId, limit: '1' },
    { productId, feature: own.rows.featureId, limit: '1' },
  ]),
  'mutation startBackfill': input('connection', ({ projectId }) => [
    { assign: { projectId } },
    { assign: { metadata: { key: 'app', projects: [{ value: 'x', projectId }] } } },
  ]),
  'mutation testOutgoingEndpoint': input('project', ({ endpointId }) => [{ endpointId }]),
  'mutation transferOwnership': input('team', ({ memberId }) => [{ memberId }]),
  'mutation unarchiveProject': input('team', ({ projectId }) => [{ projectId }]),
  'mutation updateApiKey': input('team', ({ apiKeyId }) => [{ apiKeyId, name: 'Changed' }]),
  'mutation updateCustomer': input('project', ({ customerId }) => [{ customerId, name: 'Changed' }]),
  'mutation updateFeature': input('project', ({ featureId }) => [{ feature: featureId, name: 'Changed' }]),
  'mutation updateMemberRole': input('team', ({ memberId }) => [{ memberId, role: 'VIEWER' }]),
  'mutation updateOutgoingEndpoint': input('project', ({ endpointId }) => [{ endpointId, description: 'Changed' }]),
  'mutation reserveUsage': input('project', ({ customerId }, own) => [
    { customerId, feature: own.rows.featureKey },
    { customerId: own.rows.customerId, feature: own.rows.featureKey },
  ]),
  'mutation commitUsage': input('project', ({ reservationId }) => [{ reservationId }]),
  'mutation releaseUsage': input('project', ({ reservationId }) => [{ reservationId }]),
  'mutation updateMeter': input('project', ({ meterId }) => [{ meterId, unit: 'calls' }]),
  'mutation updatePrice': input('project', ({ priceId }) => [{ priceId, nickname: 'Changed' }]),
  'mutation updateProduct': input('project', ({ productId }) => [{ productId, name: 'Changed' }]),
  'mutation updateProject': input('team', ({ projectId }) => [{ projectId, name: 'Changed' }]),
  'mutation updateProjectSettings': input('project', ({ priceId }) => [
    { plans: [{ name: 'mine', priceId }] },
    { selfServicePriceIds: [priceId] },
  ]),
  'mutation updateSubscription': input('project', ({ subscriptionId, priceId }, own) => [
    { subscriptionId, priceId },
    { subscriptionId: own.rows.subscriptionId, priceId },
  ]),
  'mutation updateTeam': nothingNamed('team', () => ({ name: 'Changed' })),
  // What it names is made where there is none.
  'mutation upsertCustomer': nothingNamed('project', () => ({ externalId: 'new', email: email() })),
  'mutation voidUsage': input('project', ({ usageEventId: id }) => [{ event: { id }, reason: 'A test' }]),
  'subscription customerStateChanged': {
    reach: 'project',
    asks: (_, { rows: { customerId } }) => [{ customerId }],
  },
};
