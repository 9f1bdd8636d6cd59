import type Stripe from 'stripe';
import { newId } from '../../ids.ts';
import { findOwners } from '../../ingestion/mirror/find-owners.ts';
import { idOf, instantOf, type Seen, type SyncOutcome, type SyncTools } from '../../ingestion/mirror/seen.ts';
import { type Before, syncRows } from '../../ingestion/mirror/sync-rows.ts';
import type { taxIdStatuses } from './tax-id.entity.ts';

type TaxIdBefore = Before & { customer_id: string; type: string; created_at: Date };

/**
 * Brings Stripe's tax ids to our rows, each to its customer. Of one that was removed the row stays, with what it was erased, so that
 * no late event brings it back. Those of the account itself are nobody's here, and those of a deleted customer stay erased.
 */
export async function syncTaxIds(tools: SyncTools, seen: Seen<Stripe.TaxId>[]): Promise<SyncOutcome[]> {
  const customers = seen.flatMap(({ object }) => (object?.customer ? [idOf(object.customer)] : []));
  const { ownerOf, livingCustomer } = await findOwners(tools, customers);
  const { outcomes } = await syncRows<Stripe.TaxId, TaxIdBefore>(tools, seen, {
    table: 'tax_id',
    key: 'stripe_tax_id',
    columns: ['customer_id', 'type', 'created_at'],
    decide({ id, object, evidence, projectHint }, before) {
      const common = {
        environment: tools.connection.environment,
        connection_id: tools.connection.id,
        evidence,
        stripe_tax_id: id,
        updated_at: new Date(),
      };
      const row = before && { ...common, id: before.id, project_id: before.project_id };
      if (!object) {
        if (!row) return 'ignored';
        const { customer_id, type, created_at } = before;
        return { ...row, customer_id, type, created_at, ...erased, deleted_at: new Date() };
      }
      if (!object.customer) return 'ignored';
      const customer = idOf(object.customer);
      const owner = ownerOf({ customer, before: before?.project_id, projectHint });
      if (owner === 'unrouted') return 'unrouted';
      if ('missing' in owner) return owner;
      const customerId = livingCustomer(customer);
      if (!customerId || customerId !== owner.customerId) return 'ignored';
      return {
        ...common,
        id: before?.id ?? newId('ptx'),
        project_id: owner.projectId,
        customer_id: customerId,
        type: object.type,
        created_at: instantOf(object.created),
        ...detailsOf(object),
        deleted_at: null,
      };
    },
  });
  return outcomes;
}

const erased = { value: null, country: null, status: null, verified_name: null, verified_address: null };

const statuses: Record<string, (typeof taxIdStatuses)[number]> = {
  pending: 'PENDING',
  verified: 'VERIFIED',
  unverified: 'UNVERIFIED',
  unavailable: 'UNAVAILABLE',
};

const detailsOf = ({ value, country, verification }: Stripe.TaxId) => ({
  value,
  country,
  status: statuses[verification?.status ?? ''] ?? null,
  verified_name: verification?.verified_name ?? null,
  verified_address: verification?.verified_address ?? null,
});
