import type Stripe from 'stripe';
import { runStatement } from '../../database/run-statement.ts';
import { loadRouting, type Routing } from '../../ingestion/mirror/routing.ts';
import { idOf, type Seen, type SyncTools } from '../../ingestion/mirror/seen.ts';
import { readInvoice } from './read-invoice.ts';

/** Our row as it is. */
export type KnownInvoice = Record<string, unknown> & { id: string; evidence: number; status: string };

export type KnownInvoices = {
  rows: Map<string, KnownInvoice>;
  customers: Map<string, { id: string; projectId: string }>;
  subscriptions: Map<string, string>;
  prices: Map<string, string>;
  routing: Routing | undefined;
};

type Parent = { kind: string; stripe_id: string; id: string; project_id: string };

/** Our rows of the invoices, locked until the transaction ends, and of what they refer to: by Stripe's ids. */
export async function findKnownInvoices(
  { em, connection }: Pick<SyncTools, 'em' | 'connection'>,
  seen: Seen<Stripe.Invoice>[],
): Promise<KnownInvoices> {
  const rows = await runStatement<{ stripe_id: string; row: KnownInvoice }>(
    em,
    `select stripe_invoice_id as stripe_id, to_jsonb(invoice) as row from invoice
     where connection_id = $1 and stripe_invoice_id = any($2) order by id for no key update`,
    [connection.id, seen.map(({ id }) => id)],
  );
  const objects = seen.flatMap(({ object }) => object ?? []);
  const read = objects.map(readInvoice);
  const customerIds = objects.flatMap(({ customer }) => (customer ? idOf(customer) : []));
  const parents = await runStatement<Parent>(
    em,
    `select 'customer' as kind, stripe_customer_id as stripe_id, id, project_id from customer
     where connection_id = $1 and stripe_customer_id = any($2)
     union all
     select 'subscription', stripe_subscription_id, id, project_id from subscription
     where connection_id = $1 and stripe_subscription_id = any($3)
     union all
     select 'price', stripe_price_id, id, project_id from price
     where connection_id = $1 and stripe_price_id = any($4)`,
    [
      connection.id,
      customerIds,
      read.flatMap(({ stripeSubscriptionId }) => stripeSubscriptionId ?? []),
      read.flatMap(({ lines }) => lines.flatMap(({ stripePriceId }) => stripePriceId ?? [])),
    ],
  );
  const ofKind = (kind: string) => parents.filter((parent) => parent.kind === kind);
  const idsOf = (kind: string) => new Map(ofKind(kind).map((row) => [row.stripe_id, row.id]));
  const customers = new Map(
    ofKind('customer').map((row) => [row.stripe_id, { id: row.id, projectId: row.project_id }]),
  );
  const hasStrangers = customerIds.some((id) => !customers.has(id));
  return {
    rows: new Map(rows.map(({ stripe_id, row }) => [stripe_id, row])),
    customers,
    subscriptions: idsOf('subscription'),
    prices: idsOf('price'),
    routing: hasStrangers ? await loadRouting(em, connection.teamId) : undefined,
  };
}
