import type { EntityManager } from '@mikro-orm/core';
import { checkText } from '../../check-input.ts';
import { newId } from '../../ids.ts';
import { Project } from '../teams/project.entity.ts';
import { Team } from '../teams/team.entity.ts';

/** @throws Refusal BAD_USER_INPUT for a name that is empty or longer than 100 characters. */
export async function createProject(
  { em }: { em: EntityManager },
  { teamId, name }: { teamId: string; name: string },
): Promise<Project> {
  const values = { name: checkText(name, 'name', { max: 100 }), team: em.getReference(Team, teamId) };
  const project = em.create(Project, { id: newId('prj'), ...values });
  await em.flush();
  return project;
}
