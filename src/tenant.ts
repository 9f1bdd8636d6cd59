import type { Environment } from './environment.ts';

/** Where a write happens. Every look-up by id states the project and the environment. */
export type Tenant = { teamId: string; projectId: string; environment: Environment; connectionId: string };

/** The metadata that routes an object of Stripe back to its team and project. */
export const routingMetadata = ({ teamId, projectId, environment }: Omit<Tenant, 'connectionId'>) => ({
  billgraph_team_id: teamId,
  billgraph_project_id: projectId,
  billgraph_environment: environment,
});
