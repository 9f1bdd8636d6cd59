import type { EntityManager } from '@mikro-orm/core';
import type { IdPrefix } from '../../ids.ts';
import { Project } from '../../tenancy/teams/project.entity.ts';

type Metadata = Record<string, string>;

export type Routing = {
  /** The team's projects. */
  projectIds: string[];
  /** The project that the metadata names, if it is one of the team's. */
  named(metadata: Metadata | null | undefined): string | undefined;
  /** The team's project, if there is only one. */
  only: string | undefined;
};

/** How objects of a team's Stripe account find their project. A row that exists stays in its project, whatever metadata says. */
export async function loadRouting(em: EntityManager, teamId: string): Promise<Routing> {
  const projects = await em.find(Project, { team: teamId }, { fields: ['id'] });
  const projectIds = projects.map(({ id }) => id);
  return {
    projectIds,
    named(metadata) {
      const id = metadata?.billgraph_project_id;
      return id !== undefined && projectIds.includes(id) ? id : undefined;
    },
    only: projectIds.length === 1 ? projectIds[0] : undefined,
  };
}

/** The id of our row that Stripe's object was made for. Anybody with access to the account can write it: check the row. */
export function ownIdIn(metadata: Metadata | null | undefined, prefix: IdPrefix): string | undefined {
  const id = metadata?.billgraph_id;
  return id?.startsWith(`${prefix}_`) ? id : undefined;
}

/** The metadata that is the user's own. */
export function withoutRouting(metadata: Metadata | null | undefined): Metadata {
  return Object.fromEntries(Object.entries(metadata ?? {}).filter(([key]) => !key.startsWith('billgraph_')));
}
