import { openOrm } from '../../src/database/open-orm.ts';
import { startWorker } from '../../src/lanes/start-worker.ts';
import { createLog } from '../../src/log.ts';

/** A process of its own that claims whatever is due, and never finishes it: to be killed. Says the keys that it holds. */
const databaseUrl = process.argv[2]!;
const orm = openOrm(databaseUrl, { poolSize: 2 });
await startWorker({
  orm,
  databaseUrl,
  log: createLog('silent'),
  kinds: {
    test: {
      work: (lanes) =>
        lanes.map(({ key }) => {
          process.stdout.write(`${key}\n`);
          return new Promise(() => {});
        }),
    },
  },
});
