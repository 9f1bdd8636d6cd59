import type { EntityManager } from '@mikro-orm/core';
import { checkText } from '../../check-input.ts';
import type { Project } from '../teams/project.entity.ts';
import { findProject } from './find-project.ts';

type Change = { teamId: string; projectId: string; name?: string | null; archived?: boolean | null };

/**
 * Renames a project, archives it, or takes it up again. What is left out stays.
 * @throws Refusal NOT_FOUND; BAD_USER_INPUT for a name that is empty or longer than 100 characters.
 */
export async function updateProject(
  { em }: { em: EntityManager },
  { teamId, projectId, name, archived }: Change,
): Promise<Project> {
  const project = await findProject({ em }, { teamId, id: projectId });
  if (name != null) project.name = checkText(name, 'name', { max: 100 });
  if (archived === false) project.archivedAt = null;
  if (archived) project.archivedAt ??= new Date();
  await em.flush();
  return project;
}
