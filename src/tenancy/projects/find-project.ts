import type { EntityManager } from '@mikro-orm/core';
import { Refusal } from '../../errors.ts';
import { isId } from '../../ids.ts';
import { Project } from '../teams/project.entity.ts';

/**
 * A project of the team.
 * @throws Refusal NOT_FOUND.
 */
export async function findProject(
  { em }: { em: EntityManager },
  { teamId, id }: { teamId: string; id: string },
): Promise<Project> {
  const project = isId('prj', id) && (await em.findOne(Project, { id, team: teamId }));
  if (!project) throw new Refusal('NOT_FOUND', 'There is no such project in this team.', { field: 'projectId' });
  return project;
}
