import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, testPublicUrl } from '../rig/billgraph.ts';
import { builtServer } from '../rig/built-server.ts';
import { ask } from '../rig/graph.ts';
import { cookiesOf, pageHeaders, signIn } from '../rig/operator.ts';

/** `npm run operator`, beside a server on the same database. */

let billgraph: Billgraph;
beforeAll(async () => {
  billgraph = await startBillgraph();
  await createTenant(billgraph);
});
afterAll(() => billgraph.close());

async function run(args: string[], input = '', variables: Record<string, string> = {}) {
  const child = spawn(process.execPath, [await builtServer('run-operator'), ...args], {
    cwd: join(import.meta.dirname, '../..'),
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: billgraph.databaseUrl,
      PUBLIC_URL: testPublicUrl,
      ...variables,
    },
  });
  let [output, faults] = ['', ''];
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (faults += chunk));
  child.stdin.end(input);
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, output, faults };
}

const olive = ['--name', 'Olive', '--email', 'Olive@example.com'];
const roleWith = async (cookie: string) =>
  (await ask(billgraph, null, '{ viewer { role } }', {}, { cookie, ...pageHeaders })).data?.viewer?.role;

describe('npm run operator', { timeout: 60_000 }, () => {
  it('prints a link that makes an owner', async () => {
    const { code, output } = await run([]);
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/^http:\/\/billgraph\.test\/auth\/setup\?token=[\w-]{32}\n$/),
    ]);
    const body = new URLSearchParams({
      token: output.trim().slice(-32),
      name: 'Linus',
      email: 'linus@example.com',
      password: 'a long enough password',
    });
    const answer = await fetch(`${billgraph.url}/auth/setup`, { method: 'POST', body, redirect: 'manual' });
    expect(await roleWith(cookiesOf(answer.headers))).toBe('OWNER');
  });

  it('makes an owner, gives him a new password, and shows neither', async () => {
    const made = await run(olive, 'correct horse battery\n');
    expect([made.code, made.output]).toEqual([0, 'olive@example.com is an owner, and can sign in.\n']);
    const cookie = await signIn(billgraph, { email: 'olive@example.com', password: 'correct horse battery' });
    expect(await roleWith(cookie)).toBe('OWNER');

    const changed = await run(['--new-password', '--email', 'olive@example.com'], 'another horse battery\n');
    expect(changed.code).toBe(0);
    expect(changed.output + changed.faults + made.faults).not.toContain('horse');
    expect(await roleWith(cookie)).toBeUndefined();
    expect(await signIn(billgraph, { email: 'olive@example.com', password: 'correct horse battery' })).toBe('');
    const again = await signIn(billgraph, { email: 'olive@example.com', password: 'another horse battery' });
    expect(await roleWith(again)).toBe('OWNER');
  });

  it.each([
    ['half of an operator', ['--name', 'Olive'], ''],
    ['an option that is none', ['--colour'], ''],
    ['no password', ['--name', 'Paul', '--email', 'paul@example.com'], ''],
    ['a weak password', ['--name', 'Paul', '--email', 'paul@example.com'], 'short\n'],
    ['an address that is none', ['--name', 'Paul', '--email', 'paul'], 'a long enough password\n'],
    ['a new password for nobody', ['--new-password', '--email', 'nobody@example.com'], 'a long enough password\n'],
  ])('refuses %s, and says how it goes', async (_what, args, input) => {
    const { code, output, faults } = await run(args, input);
    expect([code, output]).toEqual([2, '']);
    expect(faults).toContain('npm run operator -- --name');
  });
});
