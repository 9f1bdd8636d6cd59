import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
} from 'graphql';
import { contract } from './documents.ts';

/** The rows through which lists are reached. */
export type Parents = Record<
  'customer' | 'subscription' | 'invoice' | 'payment' | 'charge' | 'product' | 'backfill' | 'referral',
  string
>;

/** How a list is asked for: which table its rows are of, and the document around the field, which stands for `%`. */
export type ListEntry = {
  table: string;
  within: (parents: Parents) => string;
  /** What it is asked for with besides its page. */
  args?: string;
};

const root = (table: string): ListEntry => ({ table, within: () => '%' });
const inside = (table: string, within: string): ListEntry => ({ table, within: () => within });
const ofNode = (table: string, type: string, parent: keyof Parents): ListEntry => ({
  table,
  within: (parents) => `node(id: "${parents[parent]}") { ... on ${type} { % } }`,
});
const ofState = (table: string): ListEntry => ({
  table,
  within: ({ customer }) => `customerState(by: { id: "${customer}" }) { % }`,
});

/** Every connection of the graph. One that is missing here fails the test: say what its rows are and how it is reached. */
export const connections: Record<string, ListEntry> = {
  'Backfill.failures': {
    table: 'backfill_failure',
    within: ({ backfill }) => `backfill(id: "${backfill}") { % }`,
  },
  'Charge.disputes': ofNode('dispute', 'Charge', 'charge'),
  'Customer.entitlements': ofNode('entitlement', 'Customer', 'customer'),
  'Customer.featureGrants': ofNode('feature_grant', 'Customer', 'customer'),
  'Customer.invoices': ofNode('invoice', 'Customer', 'customer'),
  'Customer.paymentMethods': ofNode('payment_method', 'Customer', 'customer'),
  'Customer.payments': ofNode('payment', 'Customer', 'customer'),
  'Customer.referralCodes': ofNode('referral_code', 'Customer', 'customer'),
  'Customer.referrals': ofNode('referral', 'Customer', 'customer'),
  'Customer.subscriptions': ofNode('subscription', 'Customer', 'customer'),
  'Customer.taxIds': ofNode('tax_id', 'Customer', 'customer'),
  'CustomerState.entitlements': ofState('entitlement'),
  'CustomerState.openInvoices': ofState('invoice'),
  'CustomerState.subscriptions': ofState('subscription'),
  'DriftReport.items': inside('drift_finding', 'driftReport { % }'),
  'Invoice.lines': ofNode('invoice_line', 'Invoice', 'invoice'),
  'Invoice.payments': ofNode('payment', 'Invoice', 'invoice'),
  'Payment.charges': ofNode('charge', 'Payment', 'payment'),
  'Product.features': ofNode('product_feature', 'Product', 'product'),
  'Product.prices': ofNode('price', 'Product', 'product'),
  'Query.apiKeys': root('api_key'),
  'Query.auditLog': root('audit_entry'),
  'Query.backfills': root('backfill'),
  'Query.customers': root('customer'),
  'Query.features': root('feature'),
  'Query.invoices': root('invoice'),
  'Query.outgoingDeliveries': root('outgoing_delivery'),
  'Query.outgoingEndpoints': root('outgoing_endpoint'),
  'Query.outgoingMessages': root('outgoing_message'),
  'Query.exchangeRates': root('exchange_rate'),
  'Query.ledgerEntries': root('ledger_entry'),
  'Query.mrrContributors': { table: 'subscription_revenue', within: () => '%', args: 'currency: "USD"' },
  'Query.meters': root('meter'),
  'Query.payments': root('payment'),
  'Query.prices': root('price'),
  'Query.products': root('product'),
  'Query.referralCodes': root('referral_code'),
  'Query.referrals': root('referral'),
  'Query.referralPayouts': root('referral_payout'),
  'Query.subscriptions': root('subscription'),
  'Query.meterErrors': root('meter_error_report'),
  'Query.usageEvents': root('usage_event'),
  'Query.webhookEvents': root('inbound_event'),
  'Referral.rewards': ofNode('referral_reward', 'Referral', 'referral'),
  'Subscription.invoices': ofNode('invoice', 'Subscription', 'subscription'),
  'Subscription.items': ofNode('subscription_item', 'Subscription', 'subscription'),
  'UsageForwarding.failures': inside('usage_forwarding', 'usageForwarding { % }'),
  'Team.invitations': inside('team_invitation', 'team { % }'),
  'Team.members': inside('team_member', 'team { % }'),
};

/** Every other list of objects: the table whose rows it is, or why it is none of rows. */
export const plainLists: Record<string, ListEntry | string> = {
  'AnalyticsHistory.exchangeRates': 'one for each currency, by one statement',
  'AnalyticsHistory.points': 'days, weeks or months, by two statements',
  'AnalyticsSnapshot.amounts': 'one for each currency',
  'AnalyticsSnapshot.exchangeRates': 'one for each currency, by one statement',
  'AnalyticsSnapshot.subscriptions': 'one for each status',
  'ReferralStatistics.creditPaid': 'one for each currency',
  'ReferralStatistics.statuses': 'one for each status',
  'CustomerGrowth.days': 'days, by one statement',
  'MrrContributor.movements': 'of the statement that reads the page',
  'MrrMovements.intervals': 'days, weeks or months, by one statement',
  'Query.analyticsHistory': 'one for each currency',
  'RecomputeAnalyticsPayload.differing': 'what was just compared',
  'Query.mrrMovements': 'one for each currency',
  'AccessExplanation.sources': 'made of what was, for one question',
  'ApiKey.rateLimits': 'one for each class of limits, in a column of the key',
  'Backfill.progress': 'one for each type of object, in a column of the backfill',
  'CurrencyOption.tiers': 'in a column of the price',
  'DoctorReport.findings': 'what was just examined',
  'InvoicePreview.lines': 'what Stripe just answered',
  'MeterError.reasons': 'in a column of the report',
  'MeterErrorReason.samples': 'in a column of the report',
  'PendingChange.items': 'in a column of the change',
  'Price.currencyOptions': 'in a column of the price',
  'Price.tiers': 'in a column of the price',
  'ProjectSettings.plans': inside('plan', 'projectSettings { % }'),
  'Query.apiKeyUsage': 'one for each day, of one key',
  'Query.projects': root('project'),
  'Query.referralBalances': 'one for each currency, by one statement',
  'Query.stripeConnections': 'one for each environment',
  'ReportUsagePayload.results': 'one for each event that was given',
  'Team.rateLimits': 'one for each class of limits, in a column of the team',
  'Subscription.discounts': 'in a column of the subscription',
  'SubscriptionItem.discounts': 'in a column of the item',
  'Usage.buckets': 'hours and days, by one statement',
};

export type ListField = { name: string; field: GraphQLField<unknown, unknown> };

const types = Object.values(contract.getTypeMap()).filter(
  (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
);
const fields: ListField[] = types.flatMap((type) =>
  Object.values(type.getFields()).map((field) => ({ name: `${type.name}.${field.name}`, field })),
);

export const connectionFields = fields.filter(({ field }) => field.args.some(({ name }) => name === 'first'));

export const plainListFields = fields.filter(
  ({ name, field }) =>
    isListType(getNullableType(field.type)) &&
    isObjectType(getNamedType(field.type)) &&
    !/Connection\.(edges|nodes)$/.test(name),
);
