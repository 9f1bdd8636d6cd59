/** Every right that an API key can hold, with what it opens. A credential without scopes may do nothing. */
export const keyScopeDescriptions = {
  'customers:read': 'Read customers.',
  'customers:write': 'Create, change and delete customers.',
  'products:read': 'List products and prices. Those of a subscription are part of the subscription.',
  'products:write': 'Create, change, archive and reactivate products and prices.',
  'subscriptions:read': 'Read subscriptions.',
  'subscriptions:write':
    'Cancel, resume and change subscriptions; with a customer token its own, at the end of the period, or to a plan or self-service price.',
  'invoices:read': 'Read invoices and their lines.',
  'payments:read': 'Read payments, their charges and refunds, and disputes.',
  'payments:write': 'Begin and cancel payments, and refund them.',
  'payment_methods:read': 'See what customers can pay with: brand, last four digits, expiry.',
  'payment_methods:write': 'Say which payment method is the default, and detach them; with a customer token its own.',
  'checkout:read': 'See what became of checkout sessions.',
  'checkout:write': 'Create checkout sessions; with a customer token for itself, of a plan or a self-service price.',
  'portal:write':
    'Open the billing portal for a customer, who can do there all that the portal offers; with a customer token for itself.',
  'features:read': 'See features, what products give of them, and why a customer has one.',
  'features:write': 'Create, change and archive features, and say what products give of them.',
  'entitlements:read': 'See what customers may use, and how much of it.',
  'entitlements:write': 'Grant features to customers, override what they have, and revoke that.',
  'meters:read': 'See meters: what is counted, and how.',
  'meters:write': 'Create, change, archive and reactivate meters.',
  'usage:read': 'Read what customers used; with a customer token its own.',
  'usage:write': 'Report usage, void and replace it.',
  'analytics:read': 'Read recurring revenue, its changes, and the other numbers of the business.',
  'analytics:write': 'Set exchange rates, and have the history of the numbers made anew.',
  'referrals:read':
    'Read the referral programme, codes, referrals, their rewards and the ledger; with a customer token its own.',
  'referrals:write': 'Make referral codes and apply them; with a customer token its own code, and a code to itself.',
  'referral_programme:write':
    'Change the terms of the referral programme, choose codes, deactivate them, and have failed payouts asked for again.',
  'customer_tokens:write': 'Mint customer tokens, with no more scopes than the key itself holds.',
  'access_tokens:write': 'Sign what customers may use; with a customer token what its own customer may.',
  'webhooks:read': 'See webhook events, ingestion health, drift and backfills of the whole team.',
  'webhooks:write': 'Replay webhook events, reconcile, and start backfills.',
  'outgoing_webhooks:read': 'See where a project is told what happens, what it was told, and what was answered.',
  'outgoing_webhooks:write': 'Say where a project is told what happens, and tell it again.',
  'schema:read': 'Introspect the schema where that is not open to everyone.',
} as const;

/** The rights of people alone: a session holds them by its role (see roles.ts), an API key never does. */
export const operatorScopeDescriptions = {
  'team:read': 'See the team, its members and its projects.',
  'team:write': 'Change the name of the team, its projects and their settings.',
  'team:transfer': 'Hand the team over to another owner.',
  'members:write': 'Invite and remove members, and change their roles.',
  'keys:read': 'See API keys and what they are used for.',
  'keys:write': 'Create, change, rotate and revoke API keys.',
  'connection:read': 'See the Stripe connection.',
  'connection:write': 'Connect, rotate and disconnect Stripe.',
  'audit:read': 'Read the audit log.',
} as const;

export type KeyScope = keyof typeof keyScopeDescriptions;
export type OperatorScope = keyof typeof operatorScopeDescriptions;
export type Scope = KeyScope | OperatorScope;

export const keyScopes = Object.keys(keyScopeDescriptions) as KeyScope[];
export const operatorScopes = Object.keys(operatorScopeDescriptions) as OperatorScope[];
export const scopes: readonly Scope[] = [...keyScopes, ...operatorScopes];

/** What a browser may hold: a customer token never has another scope. */
export const frontendScopes: readonly Scope[] = [
  'customers:read',
  'products:read',
  'subscriptions:read',
  'subscriptions:write',
  'invoices:read',
  'payment_methods:read',
  'payment_methods:write',
  'checkout:read',
  'checkout:write',
  'portal:write',
  'entitlements:read',
  'usage:read',
  'referrals:read',
  'referrals:write',
  'access_tokens:write',
];

/**
 * Whether `held` satisfies one of the `alternatives` (an OR of ANDs).
 * @returns the scopes that are missing from the alternative that is nearest; empty where one is satisfied.
 */
export function missingScopes(alternatives: readonly (readonly string[])[], held: ReadonlySet<string>): string[] {
  const gaps = alternatives.map((needed) => needed.filter((scope) => !held.has(scope)));
  return gaps.reduce((nearest, gap) => (gap.length < nearest.length ? gap : nearest), gaps[0] ?? []);
}
