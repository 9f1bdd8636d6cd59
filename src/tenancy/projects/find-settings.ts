import type { EntityManager } from '@mikro-orm/core';
import type { Tenant } from '../../tenant.ts';
import { ProjectSettings } from './project-settings.entity.ts';

type Side = Pick<Tenant, 'projectId' | 'environment'>;

/** The settings of one side of a project; new ones, not yet kept, where nobody has set anything. */
export async function findSettings({ em }: { em: EntityManager }, side: Side): Promise<ProjectSettings> {
  const { projectId, environment } = side;
  return (
    (await em.findOne(ProjectSettings, { projectId, environment })) ??
    em.create(ProjectSettings, { projectId, environment }, { persist: false })
  );
}
