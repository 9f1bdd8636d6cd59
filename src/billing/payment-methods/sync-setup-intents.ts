import type Stripe from 'stripe';
import { runStatement } from '../../database/run-statement.ts';
import { newId } from '../../ids.ts';
import { findOwners } from '../../ingestion/mirror/find-owners.ts';
import { withoutRouting } from '../../ingestion/mirror/routing.ts';
import { idOf, instantOf, type Seen, type SyncOutcome, type SyncTools } from '../../ingestion/mirror/seen.ts';
import { syncRows } from '../../ingestion/mirror/sync-rows.ts';

type SeenSetup = Seen<Stripe.SetupIntent>;

/** Brings Stripe's SetupIntents to our rows, each after the payment method that it saved. */
export async function syncSetupIntents(tools: SyncTools, seen: SeenSetup[]): Promise<SyncOutcome[]> {
  const customers = seen.map(({ object }) => (object?.customer ? idOf(object.customer) : null));
  const { ownerOf } = await findOwners(tools, customers);
  const methods = await findMethods(tools, seen);
  const { outcomes } = await syncRows<Stripe.SetupIntent>(tools, seen, {
    table: 'setup_intent',
    key: 'stripe_setup_intent_id',
    decide({ object, evidence, projectHint }, before) {
      if (!object) return 'ignored';
      const customer = object.customer ? idOf(object.customer) : null;
      const owner = ownerOf({ customer, metadata: object.metadata, before: before?.project_id, projectHint });
      if (owner === 'unrouted' || 'missing' in owner) return owner;
      const method = object.payment_method ? idOf(object.payment_method) : null;
      if (method && !methods.has(method))
        return { missing: [{ object: 'payment_method', id: method, projectHint: owner.projectId }] };
      return {
        id: before?.id ?? newId('psu'),
        project_id: owner.projectId,
        environment: tools.connection.environment,
        connection_id: tools.connection.id,
        evidence,
        customer_id: owner.customerId,
        stripe_setup_intent_id: object.id,
        stripe_status: object.status,
        stripe_payment_method_id: method,
        usage: object.usage,
        metadata: withoutRouting(object.metadata),
        created_at: instantOf(object.created),
        updated_at: new Date(),
      };
    },
  });
  return outcomes;
}

/** Stripe's ids of the payment methods that have rows. */
async function findMethods({ em, connection }: SyncTools, seen: SeenSetup[]): Promise<Set<string>> {
  const ids = seen.flatMap(({ object }) => (object?.payment_method ? idOf(object.payment_method) : []));
  const rows = await runStatement<{ id: string }>(
    em,
    `select stripe_payment_method_id as id from payment_method
     where connection_id = $1 and stripe_payment_method_id = any($2)`,
    [connection.id, ids],
  );
  return new Set(rows.map(({ id }) => id));
}
