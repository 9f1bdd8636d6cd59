import type { EntityManager } from '@mikro-orm/core';
import { pendingMigrations } from '../../database/pending-migrations.ts';
import { runStatement } from '../../database/run-statement.ts';
import { countWorkers } from '../../lanes/count-workers.ts';
import { type Finding, ill, well } from './finding.ts';

/** What concerns the whole installation. */
export async function checkInstallation(em: EntityManager): Promise<Finding[]> {
  const pending = await pendingMigrations((sql) => runStatement(em, sql, []));
  const workers = await countWorkers(em);
  return [
    pending.length
      ? ill('MIGRATIONS', `The tables lack ${pending.join(', ')}.`, 'Start the server: it migrates first.')
      : well('MIGRATIONS', 'The tables are up to date.'),
    workers
      ? well('WORKER', workers === 1 ? 'One worker is at it.' : `${workers} workers are at it.`)
      : ill(
          'WORKER',
          'No worker is running: webhooks are kept, and nobody works them.',
          'Start a server with WORKER=on.',
        ),
  ];
}

/** Whether the events of a connection are worked in time. */
export async function checkBacklog(em: EntityManager, connectionId: string): Promise<Finding> {
  const [counts] = await runStatement<{ waiting: number; dead: number }>(
    em,
    `select count(*) filter (where done_at is null and received_at < now() - interval '1 minute')::int as waiting,
       count(*) filter (where outcome = 'dead')::int as dead
     from inbound_event where connection_id = $1 and (done_at is null or outcome = 'dead')`,
    [connectionId],
  );
  const { waiting, dead } = counts!;
  if (!waiting && !dead) return well('BACKLOG', 'No event has waited for longer than a minute, and none is dead.');
  return ill(
    'BACKLOG',
    `${waiting} events have waited for longer than a minute, and ${dead} are dead: their objects failed too often.`,
    'See why in webhookEvents, mend the cause, and use replayWebhookEvents.',
  );
}
