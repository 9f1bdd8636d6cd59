import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { addControlPage } from './control/control-routes.ts';
import { type Dunning, defaultDunning } from './invoices/dunning.ts';
import { addAuthenticationPage } from './pages/authentication-routes.ts';
import { addCheckoutPage } from './pages/checkout-routes.ts';
import { addInvoicePage } from './pages/invoice-routes.ts';
import { addPageStyle } from './pages/page.ts';
import { addPortal } from './portal/portal-routes.ts';
import { routes } from './routes.ts';
import { Store } from './store/store.ts';
import { TimerRunner } from './time/timer-runner.ts';
import { WebhookSender } from './webhooks/webhook-sender.ts';
import { createHttpServer } from './wire/http-server.ts';

export interface SandboxOptions {
  /** Where the sandbox keeps its state, in a schema `sandbox` of its own. */
  databaseUrl: string;
  host?: string;
  /** 0 takes any free port. */
  port?: number;
  /** The base of the addresses of hosted pages; the listening address unless given. */
  publicUrl?: string;
  logger?: FastifyBaseLogger;
  /** Milliseconds before the second attempt to deliver a webhook, the third, and so on. */
  retrySchedule?: number[];
  /** When an unpaid invoice of a subscription is tried again, and what then becomes of the subscription. */
  dunning?: Dunning;
  /**
   * Whether live keys work: an account of its own for each, whose objects say `livemode: true`. For tests of what a client does in
   * live mode; nothing that is started by hand has it.
   */
  liveKeys?: boolean;
}

export interface Sandbox {
  url: string;
  /** Resolves once every test clock is ready, nothing is due, and every webhook that is due was attempted. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const second = 1_000;
const defaultSchedule = [second, 5 * second, 30 * second, 120 * second, 600 * second, 3_600 * second];

/** Starts a stand-in for Stripe's API. Refuses in production. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  // biome-ignore lint/style/noProcessEnv: the refusal must not depend on what a caller passes
  if (process.env.NODE_ENV === 'production') {
    throw new Error('The Stripe sandbox does not start where NODE_ENV is production: use real Stripe keys there.');
  }
  const { host = '127.0.0.1', port = 0, logger, retrySchedule = defaultSchedule } = options;
  const store = new Store(options.databaseUrl, {
    publicUrl: '',
    dunning: options.dunning ?? defaultDunning,
    liveKeys: options.liveKeys ?? false,
  });
  const server = createHttpServer(store, routes, logger);
  addPageStyle(server);
  addCheckoutPage(server, store);
  addInvoicePage(server, store);
  addPortal(server, store);
  addControlPage(server, store);
  addAuthenticationPage(server, store);
  const sender = new WebhookSender(store.pool, { retrySchedule, timeout: 10 * second, log: server.log });
  const timers = new TimerRunner(store, server.log);
  store.onCommit = ({ wakesTimers }) => {
    sender.wake();
    if (wakesTimers) timers.wake();
  };

  try {
    await store.open();
    await server.listen({ host, port });
    await sender.start();
  } catch (error) {
    await server.close();
    await store.close();
    throw error;
  }
  const listening = server.server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${listening.port}`;
  store.settings.publicUrl = (options.publicUrl ?? url).replace(/\/+$/, '');
  timers.start();
  return {
    url,
    async idle() {
      await timers.idle();
      await sender.idle();
    },
    async close() {
      await server.close();
      await timers.stop();
      await sender.stop();
      await store.close();
    },
  };
}
