import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtServer } from '../rig/built-server.ts';
import { createDatabase } from '../rig/database.ts';
import { ask } from '../rig/graph.ts';

/** The process itself: as `npm start` runs it, on nothing but a data folder; and as it is built for production. */

const root = join(import.meta.dirname, '../..');
let main: string;
let dataDirectory: string;
let port: number;
let sandboxPort: number;
beforeAll(async () => {
  main = await builtServer('main');
  dataDirectory = await mkdtemp(join(tmpdir(), 'billgraph-process-'));
  await chmod(dataDirectory, 0o755);
  [port, sandboxPort] = [await freePort(), await freePort()];
});
afterAll(() => rm(dataDirectory, { recursive: true, force: true }));

type Run = { child: ChildProcess; output(): string; url: string; exited: Promise<number | null> };

function run(file: string, variables: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, file.endsWith('.ts') ? ['--import', 'tsx', file] : [file], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      DATA_DIR: dataDirectory,
      PORT: String(port),
      SANDBOX_PORT: String(sandboxPort),
      ...variables,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, output: () => output, url: `http://127.0.0.1:${port}`, exited };
}

async function untilItGreets(process: Run): Promise<string> {
  while (!process.output().includes('npm run demo')) {
    if (process.child.exitCode !== null) throw new Error(`It ended:\n${process.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return /bs_test_\w+/.exec(process.output())![0];
}

const catalogOf = async (process: Run, apiKey: string) =>
  (await ask(process, apiKey, '{ prices { nodes { id lookupKey } } customers { totalCount } }')).data;
const postgresRuns = () => existsSync(join(dataDirectory, 'postgres/data/postmaster.pid'));

describe('on a machine with no database and no Stripe account', { timeout: 60_000 }, () => {
  it('starts with a key, a catalog and a curl that works as it stands; stops clean; and finds all of it again', async () => {
    const first = run('src/main.ts');
    const apiKey = await untilItGreets(first);
    const catalog = await catalogOf(first, apiKey);
    expect(catalog.prices.nodes.map(({ lookupKey }: { lookupKey: string }) => lookupKey).sort()).toEqual([
      'pro_monthly',
      'pro_yearly',
      'starter_monthly',
    ]);

    const body = /-d '(.*)'/.exec(first.output())![1]!;
    const curl = await fetch(`${first.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body,
    });
    expect(await curl.json()).toMatchObject({
      data: { createCheckoutSession: { url: expect.stringContaining(`:${sandboxPort}/c/pay/cs_test_`) } },
    });

    const demo = run('src/demo.ts');
    expect(await demo.exited).toBe(0);
    expect(demo.output()).toContain('"status": "ACTIVE"');
    expect(demo.output()).toContain('"customer": null');

    expect(postgresRuns()).toBe(true);
    first.child.kill('SIGTERM');
    expect(await first.exited).toBe(0);
    expect(postgresRuns()).toBe(false);

    const second = run(main);
    expect(await untilItGreets(second)).toBe(apiKey);
    const again = await catalogOf(second, apiKey);
    expect(again).toEqual({ prices: catalog.prices, customers: { totalCount: 2 } });

    // A process that is killed leaves PostgreSQL running: the next start takes it over.
    second.child.kill('SIGKILL');
    await second.exited;
    const third = run(main);
    expect(await catalogOf(third, await untilItGreets(third))).toEqual(again);
    third.child.kill('SIGINT');
    expect(await third.exited).toBe(0);
    expect([first, second, third].map((one) => one.output()).join('')).not.toMatch(/whsec_|sk_test_/);
  });
});

describe('in production', { timeout: 30_000 }, () => {
  it('uses the database it is given, starts neither PostgreSQL nor the sandbox, and keys are made by hand', async () => {
    const database = await createDatabase({ empty: true });
    const variables = {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      DATABASE_URL: database.url,
      PUBLIC_URL: 'https://billing.example.com',
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      DATA_DIR: join(dataDirectory, 'unused'),
    };
    const server = run(main, variables);
    while (!server.output().includes('Billgraph is running')) await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
    expect(existsSync(variables.DATA_DIR)).toBe(false);
    await expect(fetch(`http://127.0.0.1:${sandboxPort}`)).rejects.toThrow();

    const maker = run(await builtServer('create-key'), variables);
    expect(await maker.exited).toBe(0);
    const [key] = /bs_test_\w+/.exec(maker.output())!;
    expect((await ask(server, key!, '{ customers { totalCount } }')).data).toEqual({ customers: { totalCount: 0 } });
    expect((await ask(server, null, '{ __schema { queryType { name } } }')).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    expect((await ask(server, key!, '{ __schema { queryType { name } } }')).errors).toBeUndefined();

    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    await database.drop();
  });
});

describe('a configuration with faults', { timeout: 20_000 }, () => {
  it('ends the process, and names each one', async () => {
    const faulty = run(main, { NODE_ENV: 'production', PORT: 'http' });
    expect(await faulty.exited).toBe(1);
    expect(faulty.output()).toMatch(/Billgraph cannot start\..*\n.*PORT: /);
  });

  it('in production names the database that is missing', async () => {
    const faulty = run(main, { NODE_ENV: 'production' });
    expect(await faulty.exited).toBe(1);
    expect(faulty.output()).toContain('DATABASE_URL: required in production');
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address() as { port: number };
      server.close(() => resolve(address.port));
    });
  });
}
