import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { builtServer } from '../rig/built-server.ts';

/** `npm run doctor` as a process of its own, on the database of a running server. */

const root = join(import.meta.dirname, '../..');
const encryptionKey = randomBytes(32);
let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph({ encryptionKeys: [encryptionKey] });
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

async function doctor(args: string[] = [], variables: Record<string, string> = {}) {
  const child = spawn(process.execPath, [await builtServer('run-doctor'), ...args], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: billgraph.databaseUrl,
      ENCRYPTION_KEY: encryptionKey.toString('base64'),
      STRIPE_API_URL: billgraph.sandbox.url,
      PUBLIC_URL: billgraph.url,
      ...variables,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

describe('npm run doctor', { timeout: 60_000 }, () => {
  it('says that all is well; what is ill, with its mend; and mends it', async () => {
    const well = await doctor();
    expect(well).toEqual({ code: 0, output: expect.stringContaining(`(${tenant.connectionId})`) });
    expect(well.output).not.toContain('✗');

    const [endpoint] = (await tenant.stripe.webhookEndpoints.list()).data;
    await tenant.stripe.webhookEndpoints.update(endpoint!.id, { disabled: true });
    const ill = await doctor();
    expect(ill.code).toBe(1);
    expect(ill.output).toMatch(/✗ ENDPOINT +Stripe has disabled.*\n +→ Run npm run doctor -- --mend/);

    const mended = await doctor(['--mend', '--roll-secret']);
    expect([mended.code, mended.output]).toEqual([0, expect.not.stringContaining('✗')]);
    const now = (await tenant.stripe.webhookEndpoints.list()).data;
    expect(now.map(({ status }) => status)).toEqual(['enabled', 'enabled']);
    expect(mended.output).not.toMatch(/sk_test|whsec/);
  });

  it('leaves an endpoint alone whose secret was configured, and makes the destination of thin events beside it', async () => {
    const configured = await createTenant(billgraph);
    await billgraph.app.orm.em
      .fork()
      .execute(
        `update stripe_connection set stripe_webhook_endpoint_id = null, sealed_thin_secret = null where id = ?`,
        [configured.connectionId],
      );
    const { eventDestinations } = configured.stripe.v2.core;
    for await (const { id } of eventDestinations.list()) await eventDestinations.del(id);
    const endpoints = async () => (await configured.stripe.webhookEndpoints.list()).data.map(({ id }) => id);
    const before = await endpoints();
    const ill = await doctor();
    expect(ill.output).toMatch(/✗ EVENT_DESTINATION .*\n +→ Run npm run doctor -- --mend\.\n/);
    expect(ill.output.match(/✗/g)).toHaveLength(1);

    const mended = await doctor(['--mend']);
    expect([mended.code, mended.output]).toEqual([0, expect.not.stringContaining('✗')]);
    expect(await endpoints()).toEqual(before);
    expect((await eventDestinations.list()).data).toHaveLength(1);
    await configured.stripe.webhookEndpoints.update(before[0]!, { disabled: true });
    expect((await doctor(['--mend'])).output).toMatch(
      /✗ ENDPOINT +Stripe has disabled.*\n +→ Set the endpoint right in Stripe; or unset STRIPE_TEST_WEBHOOK_SECRET/,
    );
    expect((await doctor(['--mend', '--roll-secret'])).output).toContain('roll it in Stripe');
    await configured.stripe.webhookEndpoints.update(before[0]!, { disabled: false });
  });

  it('goes on where a connection cannot be opened', async () => {
    const { code, output } = await doctor(['--mend'], { ENCRYPTION_KEY: randomBytes(32).toString('base64') });
    expect(code).toBe(1);
    expect(output).toMatch(/could not be mended: .*ENCRYPTION_KEY/);
    expect(output).toMatch(/✗ KEY_VALID .*\n +→ Set ENCRYPTION_KEY/);
    expect(output).toMatch(/✓ WORKER/);
  });

  it.each([
    ['an option that there is not', ['--heal'], {}, '--heal'],
    ['to roll without mending', ['--roll-secret'], {}, '--mend'],
    ['to run without the database', [], { DATABASE_URL: '' }, 'DATABASE_URL'],
  ])('refuses %s, and says how it is used', async (_, args, variables, message) => {
    const { code, output } = await doctor(args, variables as Record<string, string>);
    expect([code, output]).toEqual([2, expect.stringContaining(message)]);
    expect(output).toContain('npm run doctor --');
  });
});
