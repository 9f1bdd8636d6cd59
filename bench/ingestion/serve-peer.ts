import { createHttpServer } from '../../src/http/create-http-server.ts';
import { createLog } from '../../src/log.ts';

/** Puts a peer's way of an event behind the product's HTTP server: it answers when the row is written. */
export async function servePeer(take: (body: Buffer, signature: string) => Promise<unknown>): Promise<void> {
  const http = createHttpServer({ log: createLog('warn'), corsOrigins: [], trustedOrigins: [] });
  http.post('/webhooks/stripe/:connectionId', { bodyLimit: 1024 * 1024 }, async ({ body, headers }) => {
    await take(body as Buffer, headers['stripe-signature'] as string);
    return { received: true };
  });
  process.send!({ url: await http.listen({ host: '127.0.0.1', port: 0 }) });
  process.once('disconnect', () => process.exit());
}
