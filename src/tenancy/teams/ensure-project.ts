import type { EntityManager } from '@mikro-orm/core';
import { newId } from '../../ids.ts';
import { Project } from './project.entity.ts';
import { Team } from './team.entity.ts';

/** The installation's first project, with its team; undefined before the first start. */
export async function firstProject(em: EntityManager): Promise<Project | undefined> {
  const [first] = await em.findAll(Project, { orderBy: { id: 'asc' }, limit: 1, populate: ['team'] });
  return first;
}

/** The first project, made where there is none yet. */
export async function ensureProject(em: EntityManager): Promise<Project> {
  const first = await firstProject(em);
  if (first) return first;
  const team = em.create(Team, { id: newId('team'), name: 'My team' });
  const project = em.create(Project, { id: newId('prj'), name: 'My app', team });
  await em.flush();
  return project;
}
