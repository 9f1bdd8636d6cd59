import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from './config.ts';
import { openOrm } from './database/open-orm.ts';
import { rotateSigningKeys } from './identity/tokens/rotate-signing-keys.ts';
import { resealSecrets } from './sealing/reseal-secrets.ts';
import { createSealer } from './sealing/sealing.ts';

/** `npm run rotate-secrets`: seals every secret in the database by the first ENCRYPTION_KEY, so that the others can go. */
const usage = `npm run rotate-secrets -- [options]
  --signing-keys   also makes the next key that signs customer tokens; it signs in ten minutes

To replace ENCRYPTION_KEY: put the new key before the old one (ENCRYPTION_KEY=new,old), restart every server, run this, and
take the old key away when it has ended well.
`;

try {
  await run();
} catch (failure) {
  const { code, message, stack } = failure as Error & { code?: string };
  const isUsage = failure instanceof ConfigError || code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(isUsage ? `${message}\n${usage}` : `${stack}\n`);
  process.exitCode = isUsage ? 2 : 1;
}

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { 'signing-keys': { type: 'boolean', default: false } } });
  // biome-ignore lint/style/noProcessEnv: this is a process, which hands its environment to config.ts
  const { databaseUrl, encryptionKeys } = readConfig(process.env);
  if (!databaseUrl || !encryptionKeys.length)
    throw new ConfigError(['DATABASE_URL and ENCRYPTION_KEY: set them as they are set for the server']);
  const orm = openOrm(databaseUrl, { poolSize: 2 });
  try {
    const sealer = createSealer(encryptionKeys);
    for (const { table, column, resealed } of await resealSecrets({ em: orm.em.fork(), sealer }))
      process.stdout.write(`${table}.${column}: ${resealed} sealed again\n`);
    const others = encryptionKeys.length - 1;
    if (others)
      process.stdout.write(`Nothing needs the ${others === 1 ? 'other key' : `${others} other keys`} any more.\n`);
    if (!values['signing-keys']) return;
    await rotateSigningKeys({ em: orm.em.fork(), sealer }, { atOnce: true });
    process.stdout.write('The next signing key is published, and signs in ten minutes.\n');
  } finally {
    await orm.close();
  }
}
