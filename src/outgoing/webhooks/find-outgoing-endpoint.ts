import { type EntityManager, LockMode } from '@mikro-orm/core';
import { conflict, notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import { Project } from '../../tenancy/teams/project.entity.ts';
import type { Tenant } from '../../tenant.ts';
import { OutgoingEndpoint } from './outgoing-endpoint.entity.ts';

/** One side of a project. */
export type Side = Pick<Tenant, 'projectId' | 'environment'>;

/**
 * An endpoint of the project, locked until the EntityManager's transaction ends.
 * @throws Refusal NOT_FOUND, for one that was deleted too; CONFLICT where the project is archived.
 */
export async function findOutgoingEndpoint(em: EntityManager, side: Side, id: string): Promise<OutgoingEndpoint> {
  await refuseArchived(em, side);
  const endpoint = isId('oep', id)
    ? await em.findOne(OutgoingEndpoint, { id, ...of(side), deletedAt: null }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    : null;
  if (!endpoint) throw notFound('endpoint', 'endpointId');
  return endpoint;
}

/** @throws Refusal CONFLICT where the project is archived. */
export async function refuseArchived(em: EntityManager, { projectId }: Side): Promise<void> {
  const { archivedAt } = await em.findOneOrFail(Project, projectId);
  if (archivedAt) throw conflict('This project is archived. Take it up again first (unarchiveProject).');
}

/** A principal has more than a side. */
export const of = ({ projectId, environment }: Side): Side => ({ projectId, environment });
