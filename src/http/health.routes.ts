import type { HttpServer } from './create-http-server.ts';

/** What must hold before requests are sent here: each check resolves to whether it does. */
export type ReadinessChecks = Record<
  'database' | 'migrations' | 'graph' | 'lanes' | 'webhooks',
  () => Promise<boolean>
>;

/** `/health`: the process answers. `/ready`: it can do its work; 503 names what it cannot. */
export function mountHealth(http: HttpServer, checks: ReadinessChecks): void {
  http.get('/health', async () => ({ status: 'ok' }));
  http.get('/ready', async (_request, reply) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await check().catch(() => false)] as const),
    );
    const ready = results.every(([, ok]) => ok);
    reply.code(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'not ready', checks: Object.fromEntries(results) };
  });
}
