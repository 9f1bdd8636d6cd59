import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtServer } from '../rig/built-server.ts';
import { asOwner, createDatabase, type TestDatabase } from '../rig/database.ts';

/** The scripts as they run in the image: what was built lies in `dist`, beside its package.json, and there is nothing else. */

let place: string;
let database: TestDatabase;
beforeAll(async () => {
  const dist = dirname(dirname(await builtServer('main')));
  place = mkdtempSync(join(tmpdir(), 'image-'));
  symlinkSync(dist, join(place, 'dist'));
  cpSync(join(dist, 'package.json'), join(place, 'package.json'));
  database = await createDatabase({ empty: true });
});
afterAll(async () => {
  rmSync(place, { recursive: true });
  await database.drop();
});

const scriptsIn = (directory: string): Record<string, string> =>
  JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')).scripts;

/** Without what a process in production is told but for what is given here. */
const run = (script: string, variables: Record<string, string>) =>
  promisify(execFile)('npm', ['run', script], {
    cwd: place,
    env: {
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      HOME: place,
      NODE_ENV: 'production',
      ...variables,
    },
  });

describe('scripts', { timeout: 60_000 }, () => {
  it('that documents and logs name are there, and run a file that was built', () => {
    const built = scriptsIn(place);
    expect(Object.keys(built).toSorted()).toEqual(
      ['backfill', 'doctor', 'key', 'migrate', 'operator', 'rotate-secrets', 'start'].toSorted(),
    );
    for (const command of Object.values(built)) {
      const [node, file = ''] = command.split(' ');
      expect([command, node, existsSync(join(place, file))]).toEqual([command, 'node', true]);
    }
    const sources = scriptsIn(join(import.meta.dirname, '../..'));
    for (const script of Object.keys(built)) expect(sources[script]).toContain('tsx src/');
  });

  it('migrate by what a database needs alone: no address, and no key of secrets', async () => {
    const { stdout } = await run('migrate', { DATABASE_URL: database.url });
    expect(stdout).toContain('The tables are up to date.');
    expect(await asOwner(database.url, 'select from customer')).toEqual([]);
    await expect(run('migrate', {})).rejects.toMatchObject({ stderr: expect.stringContaining('DATABASE_URL: set it') });
  });
});
