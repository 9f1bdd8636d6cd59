/** Every right that a credential can hold, with what it opens. A credential without scopes may do nothing. */
export const scopeDescriptions = {
  'customers:read': 'Read customers.',
  'customers:write': 'Create, change and delete customers.',
  'products:read': 'List products and prices. Those of a subscription are part of the subscription.',
  'subscriptions:read': 'Read subscriptions.',
  'checkout:write': 'Create checkout sessions.',
  'customer_tokens:write': 'Mint customer tokens, with no more scopes than the key itself holds.',
  'webhooks:read': 'See webhook events, ingestion health, drift and backfills of the whole team.',
  'webhooks:write': 'Replay webhook events, reconcile, and start backfills.',
  'schema:read': 'Introspect the schema where that is not open to everyone.',
} as const;

export type Scope = keyof typeof scopeDescriptions;
export const scopes = Object.keys(scopeDescriptions) as Scope[];

/** What a browser may hold: a customer token never has another scope. */
export const frontendScopes: readonly Scope[] = ['customers:read', 'products:read', 'subscriptions:read'];

/**
 * Whether `held` satisfies one of the `alternatives` (an OR of ANDs).
 * @returns the scopes that are missing from the alternative that is nearest; empty where one is satisfied.
 */
export function missingScopes(alternatives: readonly (readonly string[])[], held: ReadonlySet<string>): string[] {
  const gaps = alternatives.map((needed) => needed.filter((scope) => !held.has(scope)));
  return gaps.reduce((nearest, gap) => (gap.length < nearest.length ? gap : nearest), gaps[0] ?? []);
}
