import { randomBytes } from 'node:crypto';
import type { MikroORM } from '@mikro-orm/postgresql';
import Stripe from 'stripe';
import { openOrm } from '../../src/database/open-orm.ts';
import type { Environment } from '../../src/environment.ts';
import { newId } from '../../src/ids.ts';
import { createStripeLanes } from '../../src/ingestion/mirror/stripe-lanes.ts';
import { createWebhookReceiver, type WebhookReceiver } from '../../src/ingestion/webhooks/receive-webhook.ts';
import { startWorker, type Worker } from '../../src/lanes/start-worker.ts';
import { createLog } from '../../src/log.ts';
import { createSealer } from '../../src/sealing/sealing.ts';
import { createPace } from '../../src/stripe/create-pace.ts';
import { sharedTurns } from '../../src/stripe/reserve-turns.ts';
import { createStripeConnections, type StripeConnections } from '../../src/stripe/stripe-connections.ts';
import { StripeConnection } from '../../src/tenancy/connections/stripe-connection.entity.ts';
import { Project } from '../../src/tenancy/teams/project.entity.ts';
import { Team } from '../../src/tenancy/teams/team.entity.ts';
import { createDatabase, type TestDatabase } from '../rig/database.ts';
import { type StripeStandIn, startStripeStandIn } from './stripe-stand-in.ts';

export type Ingestion = {
  stripe: StripeStandIn;
  database: TestDatabase;
  orm: MikroORM;
  connections: StripeConnections;
  receiver: WebhookReceiver;
  worker: Worker;
  logged: string[];
  /** Rows of one statement, snake case, as pg reads them. */
  rows<Row = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<Row[]>;
  newConnection(options?: { projects?: number; environment?: Environment }): Promise<TestConnection>;
  close(): Promise<void>;
};

export type TestConnection = { id: string; teamId: string; accountId: string; projectIds: string[]; secret: string };

/** The way of an event, from the route's door to our rows: a receiver and a worker on a database and a Stripe of their own. */
export async function startIngestion(options: { poolSize?: number; readsPerSecond?: number } = {}): Promise<Ingestion> {
  const database = await createDatabase();
  const stripe = await startStripeStandIn();
  const orm = openOrm(database.url, { poolSize: options.poolSize ?? 10 });
  const logged: string[] = [];
  const log = createLog('info', (line) => logged.push(line));
  const sealer = createSealer([randomBytes(32)]);
  const limit = options.readsPerSecond ?? 10_000;
  const pace = createPace({ ...sharedTurns(orm.em), readsPerSecond: { TEST: limit, LIVE: limit } });
  const connections = createStripeConnections({ em: orm.em, sealer, apiUrl: stripe.url, pace });
  const receiver = createWebhookReceiver({ orm, connections, log });
  const kinds = { stripe: createStripeLanes({ orm, connections: connections.background, pace, log }) };
  const worker = await startWorker({ orm, databaseUrl: database.url, log, kinds });

  return {
    stripe,
    database,
    orm,
    connections,
    receiver,
    worker,
    logged,
    async rows(sql, values = []) {
      const pool = await orm.em.getConnection().getNativeClient();
      return (await pool.query(sql, values)).rows;
    },
    async newConnection({ projects = 1, environment = 'TEST' } = {}) {
      const em = orm.em.fork();
      const team = em.create(Team, { id: newId('team'), name: 'Acme' });
      const projectIds = Array.from({ length: projects }, () => newId('prj'));
      for (const id of projectIds) em.create(Project, { id, name: 'App', team });
      const id = newId('conn');
      const secret = `whsec_${randomBytes(16).toString('hex')}`;
      const accountId = `acct_${randomBytes(8).toString('hex')}`;
      em.create(StripeConnection, {
        id,
        team,
        environment,
        stripeAccountId: accountId,
        sealedSecretKey: sealer.seal(`sk_test_${randomBytes(12).toString('hex')}`, id),
        sealedWebhookSecrets: [sealer.seal(secret, id)],
      });
      await em.flush();
      return { id, teamId: team.id, accountId, projectIds, secret };
    },
    async close() {
      await receiver.close();
      pace.close();
      await worker.stop();
      await orm.close();
      await stripe.close();
      await database.drop();
    },
  };
}

export type Event = { id: string; [field: string]: unknown };

/** An event with a copy of its object. */
export type EventOfObject = Event & { type: string; data: { object: any } };

/** An event as Stripe sends it: a copy of the object, made at a second of Stripe's clock. */
export function anEvent(type: string, object: object, fields: Record<string, unknown> = {}): EventOfObject {
  return {
    id: `evt_${randomBytes(10).toString('hex')}`,
    object: 'event',
    type,
    created: 1_790_000_000,
    api_version: Stripe.API_VERSION,
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    data: { object: structuredClone(object) },
    ...fields,
  };
}

export const signatureOf = (payload: string, secret: string, timestamp = Math.floor(Date.now() / 1000)) =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });

/** Delivers it as Stripe does, signed. */
export function deliver({ receiver }: Pick<Ingestion, 'receiver'>, connection: TestConnection, event: Event) {
  const payload = JSON.stringify(event);
  const signature = signatureOf(payload, connection.secret);
  return receiver.receive({ connectionId: connection.id, rawBody: Buffer.from(payload), signature });
}
