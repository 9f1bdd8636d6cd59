import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtServer } from '../rig/built-server.ts';
import { createDatabase, type TestDatabase } from '../rig/database.ts';
import { type DatabaseProxy, startDatabaseProxy } from '../rig/database-proxy.ts';

let database: TestDatabase;
let proxy: DatabaseProxy;
let main: string;
beforeAll(async () => {
  main = await builtServer('main');
  database = await createDatabase();
  proxy = await startDatabaseProxy(database.url);
  proxy.cut();
});
afterAll(async () => {
  await proxy.close();
  await database.drop();
});

function start() {
  const child = spawn(process.execPath, [main], {
    cwd: join(import.meta.dirname, '../..'),
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: proxy.url,
      PUBLIC_URL: 'https://billing.example.com',
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const says = async (what: string) => {
    while (!output.includes(what)) {
      if (child.exitCode !== null) throw new Error(`It ended:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { child, exited, says };
}

describe('a server that starts while PostgreSQL is away', { timeout: 60_000 }, () => {
  it('says so, waits for it, and runs', async () => {
    const server = start();
    await server.says('PostgreSQL cannot be reached: trying again');
    proxy.heal();
    await server.says('Billgraph is running');
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    proxy.cut();
  });

  it('stops at once where it is told to', async () => {
    const server = start();
    await server.says('PostgreSQL cannot be reached: trying again');
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
  });
});
