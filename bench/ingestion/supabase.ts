import { createRequire } from 'node:module';
import { servePeer } from './serve-peer.ts';

/** Its ESM build cannot find its migrations. */
const { runMigrations, StripeSync }: typeof import('@supabase/stripe-sync-engine') = createRequire(import.meta.url)(
  '@supabase/stripe-sync-engine',
);

await runMigrations({ databaseUrl: process.env.DATABASE_URL!, schema: 'stripe' });
const sync = new StripeSync({
  poolConfig: { connectionString: process.env.DATABASE_URL!, max: 10 },
  stripeSecretKey: 'sk_test_bench',
  stripeWebhookSecret: process.env.WEBHOOK_SECRET!,
});
await servePeer((body, signature) => sync.processWebhook(body, signature));
