import type { Tenant } from '../../tenant.ts';

/** A project in an environment, for what concerns no Stripe account. */
export type Side = Pick<Tenant, 'projectId' | 'environment'>;
