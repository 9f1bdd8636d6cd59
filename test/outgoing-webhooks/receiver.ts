import http from 'node:http';
import { expect } from 'vitest';
import type { Billgraph, TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { ask } from '../rig/graph.ts';

export type Received = { id: string; headers: Record<string, string>; body: string; json: any };

export type Receiver = {
  url: string;
  /** Every request, in order. */
  received: Received[];
  /** How requests are answered from now on: 200 at the beginning. */
  answer(how: (response: http.ServerResponse, got: Received) => void): void;
  close(): Promise<void>;
};

/** An endpoint of a project's own, on loopback. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let how: Parameters<Receiver['answer']>[0] = (response) => response.end();
  const server = http.createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString();
    const headers = request.headers as Record<string, string>;
    const got = { id: headers['webhook-id']!, headers, body, json: JSON.parse(body) };
    received.push(got);
    how(response, got);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}/hooks`,
    received,
    answer(next) {
      how = next;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

export type TestEndpoint = { id: string; secret: string };

export async function createEndpoint(
  billgraph: Billgraph,
  { apiKey }: Pick<TestTenant, 'apiKey'>,
  { url, eventTypes }: { url: string; eventTypes?: string[] },
): Promise<TestEndpoint> {
  const { data, errors } = await ask(
    billgraph,
    apiKey,
    'mutation ($input: CreateOutgoingEndpointInput!) { createOutgoingEndpoint(input: $input) { secret endpoint { id } } }',
    { input: { url, eventTypes } },
  );
  expect(errors).toBeUndefined();
  const { secret, endpoint } = data.createOutgoingEndpoint;
  return { id: endpoint.id, secret };
}

/** Sends an endpoint a test. @returns the message's id. */
export async function sendTest(billgraph: Billgraph, { apiKey }: { apiKey: string }, { id }: { id: string }) {
  const { data, errors } = await ask(
    billgraph,
    apiKey,
    'mutation ($input: TestOutgoingEndpointInput!) { testOutgoingEndpoint(input: $input) { messageId } }',
    { input: { endpointId: id } },
  );
  expect(errors).toBeUndefined();
  return data.testOutgoingEndpoint.messageId as string;
}

const deliveries = `query ($filter: OutgoingDeliveryFilter) { outgoingDeliveries(filter: $filter) { nodes {
  id messageId endpointId type status attempts nextAttemptAt lastAttemptAt lastStatus lastBody lastError deliveredAt } } }`;

export async function deliveriesOf(billgraph: Billgraph, { apiKey }: { apiKey: string }, filter: object) {
  const { data, errors } = await ask(billgraph, apiKey, deliveries, { filter });
  expect(errors).toBeUndefined();
  return data.outgoingDeliveries.nodes as any[];
}

/** Waits until a message's only delivery was tried so often, and what came of it is written down. */
export async function triedDelivery(billgraph: Billgraph, tenant: { apiKey: string }, messageId: string, attempts = 1) {
  const look = async () => {
    const [delivery] = await deliveriesOf(billgraph, tenant, { messageId });
    const isDue = delivery.nextAttemptAt && new Date(delivery.nextAttemptAt) < new Date();
    return { delivery, attempts: delivery.attempts, isWritten: !isDue };
  };
  await expect.poll(look, { timeout: 10_000 }).toMatchObject({ attempts, isWritten: true });
  return (await look()).delivery;
}

/** The time of every next try has come. */
export async function passTime({ databaseUrl }: { databaseUrl: string }): Promise<void> {
  await asOwner(
    databaseUrl,
    `update outgoing_endpoint set rests_until = now() where rests_until is not null;
     update outgoing_delivery set next_attempt_at = now() where status = 'PENDING';
     update lane set run_at = now() where key like 'outgoing/%' and owner is null`,
  );
}
