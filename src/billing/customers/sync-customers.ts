import type Stripe from 'stripe';
import { revenueLaneOf } from '../../analytics/revenue/revenue-lane.ts';
import { newId } from '../../ids.ts';
import { lockRows } from '../../ingestion/mirror/lock-rows.ts';
import { loadRouting, ownIdIn, type Routing, withoutRouting } from '../../ingestion/mirror/routing.ts';
import { idOf, instantOf, type Seen, type SyncOutcome, type SyncTools } from '../../ingestion/mirror/seen.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import type { MirroredDiscount } from '../discounts/discount.ts';
import { readDiscount } from '../discounts/read-discounts.ts';
import { detachPaymentMethods } from '../payment-methods/detach-payment-methods.ts';
import { eraseTaxIds } from '../tax-ids/erase-tax-ids.ts';
import { wakeTaxIds } from '../tax-ids/wake-tax-ids.ts';
import type { Address } from './address.ts';
import { Customer } from './customer.entity.ts';

type SeenCustomer = Seen<Stripe.Customer>;

/**
 * Brings Stripe's customers to our rows. A customer is taken in only when asked for: by the project in its metadata, or by
 * an object of that project that refers to it.
 *
 * Of one that Stripe deleted, the row stays with its id and Stripe's; everything personal goes, and so does the external id,
 * so that the same user may become a customer again.
 */
export async function syncCustomers(tools: SyncTools, seen: SeenCustomer[]): Promise<SyncOutcome[]> {
  const { em, connection } = tools;
  const routing = await loadRouting(em, connection.teamId);
  const rowOf = await findRows(tools, seen);
  const emails = await findEmails(tools, routing, seen);

  const deleted: string[] = [];
  const discounted: string[] = [];
  const outcomes = seen.map((one): SyncOutcome => {
    let row = rowOf(one);
    if (!one.mayReplace(row?.stripeCustomerId ? row.evidence : 0)) return 'overtaken';
    const { object, evidence } = one;
    if (!object) {
      if (!row) return 'ignored';
      deleted.push(row.id);
      Object.assign(row, forgotten, { deletedAt: row.deletedAt ?? new Date(), evidence });
      return 'applied';
    }
    const discount = object.discount ? readDiscount(object.discount, row?.discount ? [row.discount] : []) : null;
    // An event's copy names it, and it is new: Stripe is asked what it gives.
    if (object.discount && !discount) return 'overtaken';
    const projectId = row?.projectId ?? projectOf(one, routing);
    if (!projectId) return 'unrouted';
    row ??= em.create(Customer, {
      id: newId('pc'),
      projectId,
      environment: connection.environment,
      connectionId: connection.id,
      createdAt: instantOf(object.created),
    });
    row.stripeCustomerId = one.id;
    row.evidence = evidence;
    Object.assign(row, emails.give(row, object, tools));
    row.name = object.name ?? null;
    row.phone = object.phone ?? null;
    row.description = object.description ?? null;
    row.address = addressIn(object);
    row.metadata = withoutRouting(object.metadata);
    row.stripeDefaultPaymentMethodId = defaultMethodOf(object);
    if (row.discount?.id !== discount?.id) {
      row.discountChangedAt = discountChangedAt(row.discount ?? null, discount, one);
      discounted.push(row.id);
    }
    row.discount = discount;
    row.deletedAt = null;
    return 'applied';
  });
  await detachPaymentMethods(tools, deleted);
  await eraseTaxIds(tools, deleted);
  await wakeTaxIds(tools, seen);
  await wakeLanes(
    em,
    discounted.map((id) => revenueLaneOf('customer', id)),
  );
  return outcomes;
}

/** Since when a customer has another discount, or none: since it began, or the one that he had ended. */
function discountChangedAt(
  before: MirroredDiscount | null,
  after: MirroredDiscount | null,
  { evidence, toldAt = evidence }: SeenCustomer,
): Date {
  if (after) return new Date(after.start);
  const isOver = before?.end && new Date(before.end) <= instantOf(toldAt);
  return isOver ? new Date(before.end!) : instantOf(toldAt);
}

const forgotten = {
  email: null,
  emailInStripe: null,
  name: null,
  phone: null,
  description: null,
  address: null,
  externalId: null,
  metadata: {},
  stripeDefaultPaymentMethodId: null,
  discount: null,
};

function addressIn({ address }: Partial<Stripe.Customer>): Address | null {
  if (!address) return null;
  const { line1, line2, city, state, postal_code: postalCode, country } = address;
  return { line1, line2, city, state, postalCode, country };
}

function defaultMethodOf({ invoice_settings: settings }: Partial<Stripe.Customer>): string | null {
  return settings?.default_payment_method ? idOf(settings.default_payment_method) : null;
}

const projectOf = ({ object, projectHint }: SeenCustomer, routing: Routing) =>
  routing.named(object?.metadata) ?? projectHint;

/** By Stripe's id; or the row that a call of ours has begun and that awaits its Stripe customer. Locked until the end. */
async function findRows({ em, connection }: SyncTools, seen: SeenCustomer[]) {
  const ownIds = seen.flatMap(({ object }) => ownIdIn(object?.metadata, 'pc') ?? []);
  const stripeIds = seen.map(({ id }) => id);
  await lockRows(
    { em, connection },
    {
      table: 'customer',
      condition: 'stripe_customer_id = any($2) or (id = any($3) and stripe_customer_id is null)',
      values: [stripeIds, ownIds],
    },
  );
  const rows = await em.find(Customer, {
    connectionId: connection.id,
    $or: [{ stripeCustomerId: { $in: stripeIds } }, { id: { $in: ownIds }, stripeCustomerId: null }],
  });
  return ({ id, object }: SeenCustomer) =>
    rows.find((row) => row.stripeCustomerId === id) ??
    rows.find((row) => row.stripeCustomerId === null && row.id === ownIdIn(object?.metadata, 'pc'));
}

/** Stripe lets two customers have one address; a project does not. Who has it keeps it. */
async function findEmails({ em, connection }: SyncTools, { projectIds }: Routing, seen: SeenCustomer[]) {
  const addresses = seen.flatMap(({ object }) => addressOf(object) ?? []);
  const rows = await em.find(Customer, {
    projectId: { $in: projectIds },
    environment: connection.environment,
    email: { $in: addresses },
  });
  const holders = new Map(rows.map((row) => [`${row.projectId} ${row.email}`, row]));
  return {
    give(row: Customer, object: Stripe.Customer, { log }: SyncTools): Pick<Customer, 'email' | 'emailInStripe'> {
      const email = addressOf(object);
      if (email === null) return { email, emailInStripe: null };
      const place = `${row.projectId} ${email}`;
      const holder = holders.get(place) ?? row;
      if (holder !== row) {
        const customers = { customer: row.id, stripeCustomer: object.id, holder: holder.id };
        log.warn(customers, "Stripe's customer has an email address that another customer of the project has");
        return { email: row.email ?? null, emailInStripe: email };
      }
      holders.set(place, row);
      return { email, emailInStripe: null };
    },
  };
}

const addressOf = (object: Stripe.Customer | null) => object?.email?.trim().toLowerCase() || null;
