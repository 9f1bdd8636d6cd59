import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export type ServerProcess = {
  name: string;
  url: string;
  start(): void;
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
  /** Resolves when it says that it is ready, with that moment; with infinity where it ends before. */
  ready(): Promise<number>;
  isAlive(): boolean;
  /** Of the process that runs. */
  pid(): number | undefined;
  /** How often it ended, or could not start, without being told to, with the last it wrote. */
  deaths: string[];
  /** SIGTERM. @returns the exit code. */
  stop(): Promise<number | null>;
};

/** A server on a port that it keeps through its lives. It is not started yet. */
export async function createServerProcess(
  name: string,
  main: string,
  variables: Record<string, string>,
): Promise<ServerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const deaths: string[] = [];
  let child: ChildProcess | undefined;
  let exited: Promise<number | null> = Promise.resolve(null);

  return {
    name,
    url,
    deaths,
    start() {
      const started = spawn(process.execPath, [main], {
        cwd: root,
        env: { PATH: process.env.PATH, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port), ...variables },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let last = '';
      for (const stream of [started.stdout, started.stderr])
        stream.on('data', (chunk) => {
          last = (last + chunk).slice(-4_000);
        });
      exited = new Promise((resolve) => started.once('exit', resolve));
      started.once('exit', (code, signal) => {
        if (child === started) deaths.push(`${name} ended with ${code ?? signal}:\n${last}`);
      });
      child = started;
    },
    async kill() {
      const dying = child;
      child = undefined;
      dying?.kill('SIGKILL');
      await exited;
    },
    async ready() {
      const life = child;
      while (child === life && life?.exitCode === null && life.signalCode === null) {
        const { ok } = await fetch(`${url}/ready`).catch(() => ({ ok: false }));
        if (ok) return Date.now();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return Number.POSITIVE_INFINITY;
    },
    pid: () => child?.pid,
    isAlive: () => child !== undefined && child.exitCode === null && child.signalCode === null,
    async stop() {
      const stopping = child;
      child = undefined;
      stopping?.kill('SIGTERM');
      return exited;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
