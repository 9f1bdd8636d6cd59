import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Builds the server as production runs it into a folder of the project, which it replaces. Nobody checks its types. */
export async function buildServer(directory: string): Promise<void> {
  const root = join(import.meta.dirname, '../..');
  await promisify(execFile)(process.execPath, ['--import', 'tsx', 'build.ts', directory], { cwd: root });
}
