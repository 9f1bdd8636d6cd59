import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { checkEmail } from './check-input.ts';
import { ConfigError, readConfig } from './config.ts';
import { openOrm } from './database/open-orm.ts';
import { Refusal } from './errors.ts';
import { createSetupLink } from './tenancy/onboarding/create-setup-link.ts';
import { setPassword } from './tenancy/onboarding/set-password.ts';
import { createOwner } from './tenancy/onboarding/use-setup-link.ts';

/** `npm run operator`: lets the first person in, or one who forgot his password. */
const usage = `npm run operator                                        prints a link, good once and for 24 hours, where somebody becomes an owner
npm run operator -- --name Olive --email olive@…        makes an owner at once; asks for the password, or reads it from standard input
npm run operator -- --new-password --email olive@…      gives an operator a new password, and ends his sessions
`;

try {
  await run();
} catch (failure) {
  const { code, message, stack } = failure as Error & { code?: string };
  const isUsage = failure instanceof Refusal || failure instanceof ConfigError || code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(isUsage ? `${message}\n${usage}` : `${stack}\n`);
  process.exitCode = isUsage ? 2 : 1;
}

async function run() {
  const { values } = parseArgs({
    options: {
      name: { type: 'string' },
      email: { type: 'string' },
      'new-password': { type: 'boolean', default: false },
    },
  });
  // biome-ignore lint/style/noProcessEnv: this is a process, which hands its environment to config.ts
  const { databaseUrl, publicUrl } = readConfig(process.env);
  if (!databaseUrl) throw new ConfigError(['DATABASE_URL: set it as it is set for the server']);
  const { name, email, 'new-password': isReset } = values;
  const isNew = name !== undefined && email !== undefined && !isReset;
  const isLink = name === undefined && email === undefined && !isReset;
  if (!isNew && !isLink && !(isReset && email !== undefined && name === undefined))
    throw new ConfigError(['give none of these, --name and --email, or --new-password and --email']);

  const orm = openOrm(databaseUrl, { poolSize: 2 });
  try {
    const em = orm.em.fork();
    if (isLink) return process.stdout.write(`${await createSetupLink({ em }, publicUrl)}\n`);
    const address = checkEmail(email!, 'email');
    const password = await askForPassword();
    if (isReset) {
      await setPassword({ em }, { email: address, password });
      return process.stdout.write(`${address} has a new password, and is signed out everywhere.\n`);
    }
    await createOwner({ em }, { name: name!, email: address, password });
    await em.flush();
    return process.stdout.write(`${address} is an owner, and can sign in.\n`);
  } finally {
    await orm.close();
  }
}

/** What is typed is not shown. */
async function askForPassword(): Promise<string> {
  const { isTTY } = process.stdin;
  if (isTTY) process.stderr.write('Password: ');
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: mute, terminal: isTTY });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (isTTY) process.stderr.write('\n');
  }
}
