import { expect } from 'vitest';
import type { Billgraph, TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { ask } from '../rig/graph.ts';

/** Stripe delivers nothing to the tenant any more, or again. */
export async function setDeaf({ stripe, connectionId }: TestTenant, disabled: boolean): Promise<void> {
  for await (const endpoint of stripe.webhookEndpoints.list())
    if (endpoint.url.endsWith(connectionId)) await stripe.webhookEndpoints.update(endpoint.id, { disabled });
}

/** Stripe has kept them for its thirty days, and has them no more. */
export const forgetEvents = (billgraph: Billgraph, types: string) =>
  rowsOf(
    billgraph,
    `update sandbox.object set recorded = now() - interval '31 days' where object = 'event' and data->>'type' ~ $1`,
    [types],
  );

/** Asks for a reconciliation and waits until it is through. */
export async function reconcile(billgraph: Billgraph, tenant: TestTenant, input: { dryRun?: boolean } = {}) {
  const document = 'mutation ($input: ReconcileInput!) { reconcile(input: $input) { dryRun } }';
  const answer = await ask(billgraph, tenant.apiKey, document, { input });
  expect(answer).toMatchObject({ errors: undefined, data: { reconcile: { dryRun: input.dryRun ?? false } } });
  await billgraph.settled();
}

export type DriftItem = {
  object: string;
  objectType: string;
  field: string | null;
  local: string | null;
  stripe: string | null;
  reason: string;
  healedAt: string | null;
};

type DriftReport = {
  open: number;
  isRunning: boolean;
  lastError: string | null;
  eventsCheckedAt: string | null;
  sweptAt: string | null;
};

export async function driftOf(billgraph: Billgraph, tenant: TestTenant) {
  const document = `{ driftReport { open isRunning lastError eventsCheckedAt sweptAt
    items(first: 100) { totalCount nodes { object objectType field local stripe reason firstSeenAt healedAt } } } }`;
  const { data, errors } = await ask(billgraph, tenant.apiKey, document);
  expect(errors).toBeUndefined();
  const { items, ...report } = data.driftReport;
  return { ...(report as DriftReport), items: items.nodes as DriftItem[], totalCount: items.totalCount as number };
}

/** Rows of one statement, as pg reads them: of the sandbox's tables too, which are none of the server's. */
export const rowsOf = <Row = any>({ databaseUrl }: Billgraph, sql: string, values: unknown[] = []): Promise<Row[]> =>
  asOwner<Row>(databaseUrl, sql, values);
