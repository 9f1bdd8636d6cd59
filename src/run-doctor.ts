import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from './config.ts';
import { openOrm } from './database/open-orm.ts';
import { locks, withLock } from './database/with-lock.ts';
import { createSealer } from './sealing/sealing.ts';
import { createStripeConnections } from './stripe/stripe-connections.ts';
import { StripeConnection } from './tenancy/connections/stripe-connection.entity.ts';
import { diagnose } from './tenancy/doctor/diagnose.ts';
import { mendDeliveries } from './tenancy/webhook-endpoints/mend-deliveries.ts';
import { rollWebhookSecret } from './tenancy/webhook-endpoints/roll-webhook-secret.ts';
import type { WebhookEndpointTools } from './tenancy/webhook-endpoints/webhook-endpoint-tools.ts';

/** `npm run doctor`: examines every Stripe connection of the installation. Ends with 1 where something is ill. */
const usage = `npm run doctor -- [options]
  --mend           makes, enables and updates the webhook endpoints in Stripe first; where a signing secret
                   is configured, only the destination of thin events
  --roll-secret    with --mend: gives them new signing secrets; the old ones end after a day
`;

try {
  process.exitCode = await run();
} catch (failure) {
  const { code, message, stack } = failure as Error & { code?: string };
  const isUsage = failure instanceof ConfigError || code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(isUsage ? `${message}\n${usage}` : `${stack}\n`);
  process.exitCode = isUsage ? 2 : 1;
}

async function run(): Promise<number> {
  const { values } = parseArgs({
    options: { mend: { type: 'boolean', default: false }, 'roll-secret': { type: 'boolean', default: false } },
  });
  // biome-ignore lint/style/noProcessEnv: this is a process, which hands its environment to config.ts
  const { databaseUrl, encryptionKeys, stripeApiUrl, publicUrl } = readConfig(process.env);
  if (!databaseUrl || !encryptionKeys.length)
    throw new ConfigError(['DATABASE_URL and ENCRYPTION_KEY: set them as they are set for the server']);
  if (values['roll-secret'] && !values.mend) throw new ConfigError(['--roll-secret: it goes with --mend']);

  const orm = openOrm(databaseUrl, { poolSize: 2 });
  try {
    const em = orm.em.fork();
    const sealer = createSealer(encryptionKeys);
    const connections = createStripeConnections({ em: orm.em, sealer, apiUrl: stripeApiUrl });
    const rows = await em.findAll(StripeConnection, { orderBy: { id: 'asc' } });
    if (!rows.length) process.stdout.write('No Stripe account is connected yet. Start the server with a key.\n');
    let ill = 0;
    for (const row of rows) {
      if (values.mend) await mend(row);
      const findings = await diagnose({ em, open: () => connections.byId(row.id) }, row);
      process.stdout.write(`${row.environment} ${row.stripeAccountId} (${row.id})\n`);
      for (const { check, ok, message, mend } of findings) {
        process.stdout.write(`  ${ok ? '✓' : '✗'} ${check.padEnd(22)}${message}\n`);
        if (mend) process.stdout.write(`    ${' '.repeat(22)}→ ${mend}\n`);
      }
      ill += findings.filter(({ ok }) => !ok).length;
    }
    return ill ? 1 : 0;

    async function mend(row: StripeConnection) {
      try {
        const { stripe } = (await connections.byId(row.id))!;
        // A server that starts sees to the endpoint as well.
        await withLock(databaseUrl!, locks.setUp, async () => {
          await em.refresh(row);
          const tools: WebhookEndpointTools = { stripe, sealer, write: (work) => em.transactional(work) };
          await mendDeliveries(tools, row, publicUrl);
          if (values['roll-secret']) await rollWebhookSecret(tools, row);
        });
        connections.forget(row.id);
      } catch (failure) {
        process.stdout.write(`The webhook endpoint of ${row.id} could not be mended: ${(failure as Error).message}\n`);
      }
    }
  } finally {
    await orm.close();
  }
}
