import { p } from '@mikro-orm/core';
import { environmentColumn } from '../../database/columns.ts';
import { StripeConnection } from '../connections/stripe-connection.entity.ts';
import { Project } from './project.entity.ts';

/** The tenant of a row: every query of the graph states both. */
export const tenant = {
  projectId: () => p.manyToOne(Project).mapToPk().joinColumn('project_id'),
  environment: environmentColumn(),
};

/** A row that mirrors an object of Stripe. `evidence` is in seconds of Stripe's clock: how fresh our copy provably is. */
export const mirrored = {
  connectionId: () => p.manyToOne(StripeConnection).mapToPk().joinColumn('connection_id'),
  evidence: p.bigint('number').default(0),
};

/** SQL: whether the row of an alias is of the tenant of another row, whose columns are given by property. */
export const inTenantOf = (at: Readonly<Record<string, string>>, alias: string) =>
  `(${alias}.project_id, ${alias}.environment) = (${at.projectId}, ${at.environment})`;
