import { createRequire } from 'node:module';
import { createHttpServer } from '../../src/http/create-http-server.ts';
import { createLog } from '../../src/log.ts';

/** Its ESM build cannot find its migrations. */
const { runMigrations, StripeSync }: typeof import('@supabase/stripe-sync-engine') = createRequire(import.meta.url)(
  '@supabase/stripe-sync-engine',
);

/** The peer's own way of an event, behind the product's HTTP server: it answers when the row is written. */
await runMigrations({ databaseUrl: process.env.DATABASE_URL!, schema: 'stripe' });
const sync = new StripeSync({
  poolConfig: { connectionString: process.env.DATABASE_URL!, max: 10 },
  stripeSecretKey: 'sk_test_bench',
  stripeWebhookSecret: process.env.WEBHOOK_SECRET!,
});
const http = createHttpServer({ log: createLog('warn'), corsOrigins: [], trustedOrigins: [] });
http.post('/webhooks/stripe/:connectionId', { bodyLimit: 1024 * 1024 }, async ({ body, headers }) => {
  await sync.processWebhook(body as Buffer, headers['stripe-signature'] as string);
  return { received: true };
});
process.send!({ url: await http.listen({ host: '127.0.0.1', port: 0 }) });
process.once('disconnect', () => process.exit());
