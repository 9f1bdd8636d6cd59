import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError, readConfig } from './config.ts';
import { openOrm } from './database/open-orm.ts';
import { Refusal } from './errors.ts';
import { Backfill } from './ingestion/backfill/backfill.entity.ts';
import { backfillLanePrefix } from './ingestion/backfill/backfill-lane-key.ts';
import { createBackfillLanes } from './ingestion/backfill/backfill-lanes.ts';
import { drawProgress } from './ingestion/backfill/draw-progress.ts';
import { failuresOf } from './ingestion/backfill/failures.loader.ts';
import { readBackfillArguments } from './ingestion/backfill/read-backfill-arguments.ts';
import { startBackfill } from './ingestion/backfill/start-backfill.ts';
import { viewBackfill } from './ingestion/backfill/view-backfill.ts';
import { backfillObjects } from './ingestion/listings/backfill-objects.ts';
import { startWorker } from './lanes/start-worker.ts';
import { createLog } from './log.ts';
import { createSealer } from './sealing/sealing.ts';
import { createPace } from './stripe/create-pace.ts';
import { sharedTurns } from './stripe/reserve-turns.ts';
import { createStripeConnections } from './stripe/stripe-connections.ts';
import { StripeConnection } from './tenancy/connections/stripe-connection.entity.ts';
import { firstProject } from './tenancy/teams/ensure-project.ts';

/** `npm run backfill`: starts a backfill of the installation's first team, works it, and shows how far it is. */
const usage = `npm run backfill -- --project prj_… [options]
  --project prj_…        the project of every customer and product that has none yet
  --metadata-key app     instead: the project by the value of this key in the metadata …
  --assign pro=prj_…     … a value and its project; once for each
  --objects a,b          ${backfillObjects.join(',').toLowerCase()}; all by default
  --created-after …      only what was created after this instant: 2025-01-31T00:00:00Z
  --environment TEST     or LIVE
  --follow               goes on with the backfill that is running already
`;

const closings: (() => Promise<unknown>)[] = [];
let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
});

try {
  await run();
} catch (failure) {
  const told = failure instanceof Refusal || failure instanceof ConfigError;
  process.stderr.write(`${told ? failure.message : (failure as Error).stack}\n${told ? usage : ''}`);
  process.exitCode = told ? 2 : 1;
} finally {
  for (const close of closings.reverse()) await close();
}

async function run() {
  const { follow, environment, input } = readBackfillArguments(process.argv.slice(2));
  // biome-ignore lint/style/noProcessEnv: this is a process, which hands its environment to config.ts
  const { databaseUrl, encryptionKeys, stripeApiUrl, stripeReadsPerSecond } = readConfig(process.env);
  if (!databaseUrl || !encryptionKeys.length)
    throw new ConfigError(['DATABASE_URL and ENCRYPTION_KEY: set them as they are set for the server']);

  const orm = openOrm(databaseUrl, { poolSize: 5 });
  closings.push(() => orm.close());
  const em = orm.em.fork();
  const project = await firstProject(em);
  const connection = project && (await em.findOne(StripeConnection, { team: project.team, environment }));
  if (!connection)
    throw new Refusal('NOT_FOUND', `No Stripe account is connected in ${environment}. Start the server.`);
  const running = await em.findOne(Backfill, { connectionId: connection.id, state: 'RUNNING' });
  if (follow && !running) throw new Refusal('NOT_FOUND', 'No backfill is running.');
  const id = follow
    ? running!.id
    : await startBackfill({ em }, { teamId: project.team.id, connectionId: connection.id }, input!);

  const log = createLog('warn', (line) => process.stderr.write(line));
  const sealer = createSealer(encryptionKeys);
  const pace = createPace({ ...sharedTurns(orm.em), readsPerSecond: stripeReadsPerSecond });
  const { background } = createStripeConnections({ em: orm.em, sealer, apiUrl: stripeApiUrl, pace });
  const kinds = { [backfillLanePrefix]: createBackfillLanes({ orm, connections: background, log }) };
  const worker = await startWorker({ orm, databaseUrl, log, kinds });
  closings.push(() => worker.stop());
  closings.push(async () => pace.close());
  await watch(id);

  async function watch(id: string) {
    const { isTTY } = process.stdout;
    let shown = '';
    for (;;) {
      const em = orm.em.fork();
      const view = await viewBackfill({ em }, await em.findOneOrFail(Backfill, { id }));
      const line = drawProgress(view);
      if (line !== shown) process.stdout.write(isTTY ? `\r\x1b[K${line}` : `${line}\n`);
      shown = line;
      if (view.state !== 'RUNNING' || interrupted) {
        if (isTTY) process.stdout.write('\n');
        return end(view.state);
      }
      await sleep(isTTY ? 200 : 500);
    }
  }

  async function end(state: string) {
    if (state === 'RUNNING') {
      process.stdout.write(
        `${id} is not finished. A server's worker goes on with it, or: npm run backfill -- --follow\n`,
      );
      process.exitCode = 130;
      return;
    }
    const failures = await failuresOf({ em: orm.em.fork() }, id, { first: 20 });
    for (const { object, stripeId, reason } of failures.nodes)
      process.stdout.write(`  ${object.toLowerCase()} ${stripeId}: ${reason}\n`);
    if (failures.pageInfo.hasNextPage) process.stdout.write(`  … all of them: backfill(id: "${id}") { failures }\n`);
    process.stdout.write(`${id} ${state.toLowerCase()}\n`);
    if (state === 'FAILED' || failures.nodes.length) process.exitCode = 1;
  }
}
