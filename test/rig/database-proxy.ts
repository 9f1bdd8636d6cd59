import { connect, createServer, type Socket } from 'node:net';

/** What stands between a server and PostgreSQL. */
export type DatabaseProxy = {
  url: string;
  /** Nothing comes through any more, and no connection ends: as where a host vanished. */
  silence(): void;
  /** Connections are cut, and refused. */
  cut(): void;
  /** New connections come through again. Silent ones stay silent. */
  heal(): void;
  close(): Promise<void>;
};

/** Hands on bytes between loopback and a database, until it is told otherwise. */
export async function startDatabaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const silent = new Set<Socket>();
  let state: 'well' | 'silent' | 'cut' = 'well';
  const server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => {}).on('close', () => sockets.delete(client));
    if (state === 'cut') return client.destroy();
    if (state === 'silent') return silent.add(client);
    const upstream = connect(Number(target.port), target.hostname);
    sockets.add(upstream);
    upstream.on('error', () => {}).on('close', () => sockets.delete(upstream));
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('data', (bytes) => silent.has(from) || to.write(bytes));
      from.on('close', () => silent.has(from) || to.destroy());
    }
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as { port: number }).port}`;
  return {
    url: url.href,
    silence() {
      state = 'silent';
      for (const socket of sockets) silent.add(socket);
    },
    cut() {
      state = 'cut';
      for (const socket of sockets) socket.destroy();
    },
    heal() {
      state = 'well';
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
