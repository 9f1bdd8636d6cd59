import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabases } from '../../src/database/open-databases.ts';
import { sessionOf } from '../../src/database/reach.ts';
import { runStatement } from '../../src/database/run-statement.ts';
import { withScratchDatabase } from '../../src/database/scratch-database.ts';
import { createLog } from '../../src/log.ts';
import { asOwner, urlOf } from '../rig/database.ts';

type Opening = { rowLevelSecurity?: boolean; migrationUrl?: string };

/** An ordinary login with a database of its own, as hosted PostgreSQL gives one: no superuser, and no right to make roles. */
async function newLogin(attributes = '') {
  const server = inject('postgresUrl');
  const name = `login_${randomBytes(6).toString('hex')}`;
  await asOwner(server, `create role ${name} login password 'x' ${attributes}`);
  await asOwner(server, `create database ${name} owner ${name}`);
  await asOwner(urlOf(server, name), `alter schema public owner to ${name}`);
  onTestFinished(async () => {
    await asOwner(server, `drop database ${name} with (force)`);
    await asOwner(server, `drop role ${name}`);
  });
  const url = new URL(urlOf(server, name));
  [url.username, url.password] = [name, 'x'];
  return { name, url: url.href, asAdministrator: (sql: string) => asOwner(server, sql) };
}

async function open(url: string, { rowLevelSecurity = true, migrationUrl }: Opening = {}) {
  const logged: string[] = [];
  const log = createLog('info', (line) => logged.push(line));
  const databases = await openDatabases(url, {
    ...{ poolSize: 2, queryTimeout: 15_000 },
    rowLevelSecurity,
    migrationUrl,
    log,
  });
  onTestFinished(() => databases.close());
  const session = { teamId: 't', projectId: 'p', environment: 'TEST', customerId: null };
  return {
    ...databases,
    logged,
    addSigningKey: () =>
      databases.orm.em.fork().execute(`insert into signing_key values ('key', '{}', '', now()) on conflict do nothing`),
    seen: async () => {
      const { orm, walled } = databases.requests;
      const em = orm.em.fork(walled ? { session: sessionOf(session) } : {});
      return (await runStatement(em, 'select from signing_key', [])).length;
    },
  };
}

it('an owner who may not have the role is bound by the policies himself, until he may have it', async () => {
  const { name, url, asAdministrator } = await newLogin();
  const bound = await open(url);
  expect(bound.role).toBeNull();
  expect(bound.logged.join()).toContain('create role billgraph_server');
  await bound.addSigningKey();
  expect(await bound.seen()).toBe(0);
  await expect(bound.orm.em.fork().execute('update audit_entry set mutation = mutation')).rejects.toThrow(
    'permission denied',
  );

  await asAdministrator(`grant billgraph_server to ${name}`);
  const freed = await open(url);
  expect(freed.role).toBe('billgraph_server');
  expect(freed.logged).toEqual([]);
  expect(await freed.seen()).toBe(0);
  expect(await asOwner(url, 'select from signing_key')).toHaveLength(1);
});

it('a login that policies do not bind does not start, unless it is told to go without', async () => {
  const { url } = await newLogin('bypassrls');
  await expect(open(url)).rejects.toThrow('ROW_LEVEL_SECURITY=off');
  const open_ = await open(url, { rowLevelSecurity: false });
  expect(open_.logged.join()).toContain('ROW_LEVEL_SECURITY is off');
  await open_.addSigningKey();
  expect(await open_.seen()).toBe(1);
});

it('databases of one cluster that start together make the role once', { timeout: 60_000 }, async () => {
  await withScratchDatabase(async (url) => {
    const names = ['one', 'two', 'three', 'four'];
    for (const name of names) await asOwner(url, `create database ${name}`);
    const secured = await Promise.all(names.map((name) => migrate(urlOf(url, name))));
    expect(secured).toEqual(names.map(() => ({ role: 'billgraph_server', bound: 'role' })));
  });
});

const migrateAsProcess = (variables: Record<string, string>) =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', 'src/run-migrations.ts'], {
    env: { ...process.env, NODE_ENV: 'development', ...variables },
  });

describe('a login beside the owner', () => {
  /** The URL of a login that owns nothing in the owner's database. */
  const beside = (url: string, name: string) => Object.assign(new URL(url), { username: name, password: "it's" }).href;
  const denied = ['reset role; drop table customer', 'update audit_entry set mutation = mutation', 'create table t ()'];

  it('is made by the owner who may, owns nothing, and sees what policies show', async () => {
    const server = `app_${randomBytes(6).toString('hex')}`;
    // After the database, in which it has rights.
    onTestFinished(async () => void (await asOwner(inject('postgresUrl'), `drop role if exists ${server}`)));
    const { url } = await newLogin('createrole');
    const opened = await open(beside(url, server), { migrationUrl: url });
    expect([opened.role, opened.logged]).toEqual([null, []]);
    await opened.addSigningKey();
    expect(await opened.seen()).toBe(0);
    expect(await asOwner(url, 'select from signing_key')).toHaveLength(1);
    for (const statement of denied)
      await expect(opened.orm.em.fork().execute(statement)).rejects.toThrow(/permission denied|must be owner/);
    // The next one starts without the owner's URL, since there is nothing to migrate.
    const alone = await open(beside(url, server));
    expect([alone.role, alone.logged, await alone.seen()]).toEqual([null, [], 0]);
    await asOwner(url, `delete from migration where name = (select max(name) from migration)`);
    await expect(open(beside(url, server))).rejects.toThrow(/The tables lack Migration\w+, .* npm run migrate/);
  });

  it('is given its rights by npm run migrate, so that the server need not know the owner', async () => {
    const server = `app_${randomBytes(6).toString('hex')}`;
    onTestFinished(async () => void (await asOwner(inject('postgresUrl'), `drop role if exists ${server}`)));
    const { url } = await newLogin('createrole');
    await migrateAsProcess({ DATABASE_URL: beside(url, server), DATABASE_MIGRATION_URL: url });
    expect((await open(beside(url, server))).logged).toEqual([]);
  });

  it('that the owner may not make is named', async () => {
    const { url } = await newLogin();
    await expect(open(beside(url, 'app_of_nobody'), { migrationUrl: url })).rejects.toThrow(
      'create role "app_of_nobody"',
    );
  });
});
