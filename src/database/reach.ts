/**
 * How far a connection reaches: the server's own work (webhooks, lanes, reconciliation, keys) into every tenant, a request into
 * the one tenant that each of its statements names. A connection that says neither sees no row: see tenancy/teams/policies.ts.
 */
export type Reach = 'every tenant' | 'one tenant';

/** Of a request: whose rows it may see. */
export type TenantSession = {
  teamId?: string;
  /** Null for what is the team's. */
  projectId: string | null;
  environment: string;
  /** Set for a customer's token. */
  customerId: string | null;
};

/** The settings that the policies compare, in the order in which `tenantStatement` takes their values. */
const settings = ['team_id', 'project_id', 'environment', 'customer_id'].map((name) => `billgraph.${name}`);

/** Prepared on each connection of requests: says the tenant, until the end of the transaction. */
export const tenantStatement = 'say_tenant';

export const valuesOf = ({ teamId, projectId, environment, customerId }: TenantSession): string[] => [
  teamId ?? '',
  projectId ?? '',
  environment,
  customerId ?? '*',
];

/** The same for MikroORM, which says it at the beginning of each transaction, and makes one for what stands outside of any. */
export function sessionOf(tenant: TenantSession) {
  const values = valuesOf(tenant);
  return { variables: Object.fromEntries(settings.map((name, at) => [name, values[at]!])) };
}

/** What a new connection says of itself: one round trip, once. Days are those of UTC, whichever zone the database is set to. */
export function introduction(reach: Reach, role: string | null): string {
  const says = settings.map((name, at) => `set_config('${name}', $${at + 1}, true)`).join(', ');
  const types = settings.map(() => 'text').join(', ');
  return [
    `set timezone = 'UTC'`,
    ...(role ? [`set role ${role}`] : []),
    reach === 'every tenant'
      ? `set billgraph.reach = 'every tenant'`
      : `prepare ${tenantStatement} (${types}) as select ${says}`,
  ].join('; ');
}
