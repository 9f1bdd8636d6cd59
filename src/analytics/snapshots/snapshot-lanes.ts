import type { EntityManager } from '@mikro-orm/core';
import type { MikroORM } from '@mikro-orm/postgresql';
import { runStatement } from '../../database/run-statement.ts';
import { type Environment, environments } from '../../environment.ts';
import type { LaneKinds } from '../../lanes/lane-kind.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import { workEach } from '../../lanes/work-each.ts';
import { takeSnapshots } from './take-snapshots.ts';

const prefix = 'snapshots';

/** Lets the snapshots of every side that has movements be made, where some are missing. */
export async function wakeSnapshots(em: EntityManager): Promise<void> {
  const sides = await runStatement<{ key: string }>(
    em,
    `select concat_ws('/', '${prefix}', project.id, environment) as key from project cross join unnest($1::text[]) as environment
     where exists (select from revenue_movement m where m.project_id = project.id and m.environment = environment.environment)`,
    [environments],
  );
  await wakeLanes(
    em,
    sides.map(({ key }) => key),
  );
}

/** The lanes that make snapshots: `snapshots/<project>/<environment>`. */
export const createSnapshotLanes = ({ orm }: { orm: MikroORM }): LaneKinds => ({
  [prefix]: workEach({ orm, atOnce: 1 }, async ({ key }) => {
    const [, projectId = '', environment = ''] = key.split('/');
    await takeSnapshots({ em: orm.em.fork() }, { projectId, environment: environment as Environment });
  }),
});
