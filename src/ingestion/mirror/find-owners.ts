import type Stripe from 'stripe';
import { runStatement } from '../../database/run-statement.ts';
import { loadRouting } from './routing.ts';
import type { Reference, SyncTools } from './seen.ts';

/** Whom a row belongs to. Without a customer (a guest's payment) it is the project's alone. */
export type Owner = { projectId: string; customerId: string | null };

/** What says whom an object of Stripe's belongs to. */
export type Claims = {
  /** Stripe's id of the customer. */
  customer: string | null;
  metadata?: Stripe.Metadata | null | undefined;
  /** The project of the row that exists: it stays there. */
  before?: string | undefined;
  /** What the object is a part of, and whose it is, where that is known. */
  parent?: (Reference & { owner: Owner | undefined }) | undefined;
  projectHint?: string | undefined;
};

export type Owners = {
  /** Whose it is; or what must be brought first; or that it belongs to no project. */
  ownerOf(claims: Claims): Owner | { missing: Reference[] } | 'unrouted';
  /** Our id of a customer that is there and not deleted. */
  livingCustomer(stripeId: string | null): string | undefined;
};

/**
 * Finds out whom objects belong to: the customer that they name, and its project; without one, the project in their
 * metadata, or that of what they are a part of.
 * @param customerIds Stripe's ids of the customers that the objects name.
 */
export async function findOwners({ em, connection }: SyncTools, customerIds: (string | null)[]): Promise<Owners> {
  const rows = await runStatement<{ stripe_id: string; id: string; project_id: string; lives: boolean }>(
    em,
    `select stripe_customer_id as stripe_id, id, project_id, deleted_at is null as lives from customer
     where connection_id = $1 and stripe_customer_id = any($2)`,
    [connection.id, customerIds.filter((id) => id !== null)],
  );
  const customers = new Map(rows.map((row) => [row.stripe_id, row]));
  const needsRouting = customerIds.some((id) => id === null || !customers.has(id));
  const routing = needsRouting ? await loadRouting(em, connection.teamId) : undefined;

  return {
    ownerOf({ customer: id, metadata, before, parent, projectHint }) {
      const named = routing?.named(metadata) ?? projectHint;
      if (id) {
        const customer = customers.get(id);
        if (!customer) return { missing: [{ object: 'customer', id, projectHint: before ?? named }] };
        const projectId = before ?? customer.project_id;
        // It was a guest's of another project before: that project must not see the customer.
        return { projectId, customerId: projectId === customer.project_id ? customer.id : null };
      }
      const projectId = before ?? named ?? parent?.owner?.projectId;
      if (parent && !parent.owner)
        return { missing: [{ object: parent.object, id: parent.id, projectHint: projectId }] };
      if (!projectId) return 'unrouted';
      return { projectId, customerId: parent?.owner?.projectId === projectId ? parent.owner.customerId : null };
    },
    livingCustomer(stripeId) {
      const customer = stripeId ? customers.get(stripeId) : undefined;
      return customer?.lives ? customer.id : undefined;
    },
  };
}
