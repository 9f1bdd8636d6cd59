import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Contender = { name: string; pid: number; url: string; cpu(): number; stop(): Promise<void> };

/** Starts a server in a process of its own. It sends its address when it listens; what it logs is written to nowhere. */
export async function startContender(
  name: string,
  databaseUrl: string,
  variables: Record<string, string> = {},
): Promise<Contender> {
  const child: ChildProcess = fork(join(import.meta.dirname, `${name}.js`), {
    env: { ...process.env, DATABASE_URL: databaseUrl, NODE_ENV: 'production', ...variables },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message: { url: string }) => resolve(message.url));
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it listened.`)));
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    name,
    pid: child.pid!,
    url,
    cpu: () => cpuOf(child.pid!),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill();
      await ended;
    },
  };
}

/** The processor time of a process so far, in microseconds: /proc counts it in hundredths of a second. */
export function cpuOf(pid: number): number {
  const [, state] = statOf(pid);
  return (Number(state![11]) + Number(state![12])) * 10_000;
}

/** The same for a process with all its children, those that ended too. */
export function cpuOfFamily(pid: number): number {
  const [, parent] = statOf(pid);
  const ended = (Number(parent![13]) + Number(parent![14])) * 10_000;
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === pid);
  return children.reduce((sum, child) => sum + cpuOfChild(Number(child)), cpuOf(pid) + ended);
}

/** A child may end at any moment: then its time is counted with its parent's. */
function cpuOfChild(pid: number): number {
  try {
    return cpuOf(pid);
  } catch {
    return 0;
  }
}

export function parentOf(pid: number): number | undefined {
  try {
    return Number(statOf(pid)[1]![1]);
  } catch {
    // It ended since the folder was listed.
    return undefined;
  }
}

/** The name of a process, and what stands after it. */
function statOf(pid: number): [name: string, fields: string[]] {
  const [, name, rest] = readFileSync(`/proc/${pid}/stat`, 'utf8').match(/\((.*)\) (.*)/s)!;
  return [name!, rest!.split(' ')];
}
