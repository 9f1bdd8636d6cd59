import type { EntityManager } from '@mikro-orm/core';
import { newId } from '../ids.ts';
import { Project } from './project.entity.ts';
import { Team } from './team.entity.ts';

/** The installation's first project, made where there is none yet. Its team is loaded. */
export async function ensureProject(em: EntityManager): Promise<Project> {
  const first = await em.findOne(Project, {}, { orderBy: { id: 'asc' }, populate: ['team'] });
  if (first) return first;
  const team = em.create(Team, { id: newId('team'), name: 'My team' });
  const project = em.create(Project, { id: newId('prj'), name: 'My app', team });
  await em.flush();
  return project;
}
