import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { buildServer } from './build-server.ts';

/**
 * The server as production runs it, which starts several times as fast as its sources. The first test file that asks builds it, for
 * the whole run.
 * @param name of the entry: `main`, `run-doctor` …
 * @returns its path.
 */
export async function builtServer(name: string): Promise<string> {
  const directory = inject('buildDirectory');
  while (!existsSync(directory)) {
    const isMine = await mkdir(`${directory}-lock`).then(
      () => true,
      () => false,
    );
    if (isMine) await buildInto(directory);
    else await sleep(50);
  }
  return join(directory, 'src', `${name}.js`);
}

async function buildInto(directory: string): Promise<void> {
  const unfinished = `${directory}-unfinished`;
  try {
    await buildServer(unfinished);
    await rename(unfinished, directory);
  } finally {
    await rm(`${directory}-lock`, { recursive: true, force: true });
  }
}
