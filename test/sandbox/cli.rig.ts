import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = join(createRequire(import.meta.url).resolve('@stripe/cli/package.json'), '../../../.bin/stripe');

export interface Trigger {
  succeeded: boolean;
  /** What the CLI printed. */
  said: string;
}

/** Runs `stripe trigger <event>`, Stripe's own journey to an event, against `baseUrl` with an account's key. */
export async function trigger(event: string, baseUrl: string, key: string): Promise<Trigger> {
  const home = await mkdtemp(join(tmpdir(), 'billgraph-cli-'));
  const env = { PATH: process.env.PATH, HOME: home, STRIPE_API_KEY: key, STRIPE_CLI_TELEMETRY_OPTOUT: '1' };
  const said = await new Promise<string>((resolve) => {
    execFile(program, ['trigger', event, '--api-base', baseUrl], { env, timeout: 40_000 }, (_error, out, err) =>
      resolve(`${out}\n${err}`),
    );
  });
  await rm(home, { recursive: true, force: true });
  return { succeeded: said.includes('Trigger succeeded!'), said };
}
