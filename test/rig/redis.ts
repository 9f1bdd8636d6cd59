import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** Whether this machine has a Redis. Where it must have one (REQUIRE_REDIS), the tests fail without. */
export const hasRedis =
  Boolean(process.env.REQUIRE_REDIS) || spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;

export type TestRedis = {
  url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Neither answers nor ends, until it goes on. */
  hang(): void;
  goOn(): void;
};

/** A Redis that keeps nothing on disk. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  let server: ChildProcess;
  const redis: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      server = spawn(
        'redis-server',
        ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
        {
          stdio: 'ignore',
        },
      );
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}.`)));
        const knock = () => {
          const socket = connect(port, '127.0.0.1', () => {
            socket.destroy();
            resolve();
          });
          socket.once('error', () => setTimeout(knock, 20));
        };
        knock();
      });
    },
    async kill() {
      if (server.exitCode !== null || server.signalCode) return;
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
    hang: () => void server.kill('SIGSTOP'),
    goOn: () => void server.kill('SIGCONT'),
  };
  await redis.start();
  return redis;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
