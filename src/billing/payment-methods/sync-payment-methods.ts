import type Stripe from 'stripe';
import { newId } from '../../ids.ts';
import { findOwners } from '../../ingestion/mirror/find-owners.ts';
import { withoutRouting } from '../../ingestion/mirror/routing.ts';
import { idOf, instantOf, type Seen, type SyncOutcome, type SyncTools } from '../../ingestion/mirror/seen.ts';
import { type Before, syncRows } from '../../ingestion/mirror/sync-rows.ts';

type MethodBefore = Before & { detached_at: string | null };

/**
 * Brings Stripe's payment methods to our rows, each to its customer. One that was detached leaves its customer, and so do
 * those of a customer that was deleted. One that nobody has, and that nothing of ours refers to, is ignored.
 */
export async function syncPaymentMethods(tools: SyncTools, seen: Seen<Stripe.PaymentMethod>[]): Promise<SyncOutcome[]> {
  const customers = seen.map(({ object }) => (object?.customer ? idOf(object.customer) : null));
  const { ownerOf, livingCustomer } = await findOwners(tools, customers);
  const { outcomes } = await syncRows<Stripe.PaymentMethod, MethodBefore>(tools, seen, {
    table: 'payment_method',
    key: 'stripe_payment_method_id',
    columns: ['detached_at'],
    decide({ object, evidence, projectHint }, before) {
      if (!object) return 'ignored';
      const customer = object.customer ? idOf(object.customer) : null;
      const owner = ownerOf({ customer, metadata: object.metadata, before: before?.project_id, projectHint });
      if (owner === 'unrouted') return 'ignored';
      if ('missing' in owner) return owner;
      const customerId = livingCustomer(customer) === owner.customerId ? owner.customerId : null;
      return {
        id: before?.id ?? newId('ppm'),
        project_id: owner.projectId,
        environment: tools.connection.environment,
        connection_id: tools.connection.id,
        evidence,
        customer_id: customerId,
        stripe_payment_method_id: object.id,
        ...detailsOf(object),
        detached_at: customerId ? null : (before?.detached_at ?? new Date()),
        metadata: withoutRouting(object.metadata),
        created_at: instantOf(object.created),
        updated_at: new Date(),
      };
    },
  });
  return outcomes;
}

type Details = { brand?: string; last4?: string; exp_month?: number; exp_year?: number; fingerprint?: string };

/** Each kind has its own details; most have the last four digits. */
function detailsOf(object: Stripe.PaymentMethod) {
  const details = (object[object.type as 'card'] ?? {}) as Details;
  return {
    type: object.type,
    brand: details.brand ?? null,
    last4: details.last4 ?? null,
    expiry_month: details.exp_month ?? null,
    expiry_year: details.exp_year ?? null,
    fingerprint: details.fingerprint ?? null,
  };
}
