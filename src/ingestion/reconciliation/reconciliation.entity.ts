import { defineEntity, p } from '@mikro-orm/core';
import { instant } from '../../database/columns.ts';
import { StripeConnection } from '../../tenancy/connections/stripe-connection.entity.ts';
import { rowsOfConnections } from '../../tenancy/teams/policies.ts';
import type { ListCursor, Section } from '../listings/backfill-objects.ts';

/** What a sweep goes on with after it was cut off: the lists, the one that is walked by its place, and the last page's end. */
export type SweepPlace = { begunAt: string; sections: Section[]; section: number; cursor: ListCursor | null };

/** How far a Stripe connection was compared with Stripe. Nobody asks Stripe to answer how we are: it is read here. */
const schema = defineEntity({
  name: 'Reconciliation',
  policies: rowsOfConnections(),
  properties: {
    connection: () => p.oneToOne(StripeConnection).primary().owner(),
    /** Stripe's second until which every event is known to be in the inbox. */
    eventsUntil: p.bigint('number').nullable(),
    /** When Stripe's events were last listed to the end. */
    eventsCheckedAt: instant().nullable(),
    /** When Stripe's objects were last compared with our rows to the end. */
    sweptAt: instant().nullable(),
    /** Where the nightly sweep is, while it is under way. */
    sweepPlace: p.json<SweepPlace>().nullable(),
    /** Of the webhook endpoint in Stripe that leads here; null where there is none. */
    endpointApiVersion: p.text().nullable(),
    /** What the endpoint does not send although we read it; null where there is no endpoint. */
    missingEventTypes: p.array().nullable(),
  },
});

export class Reconciliation extends schema.class {}
schema.setClass(Reconciliation);
