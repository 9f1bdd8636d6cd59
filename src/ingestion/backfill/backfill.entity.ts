import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, instant } from '../../database/columns.ts';
import { StripeConnection } from '../../tenancy/connections/stripe-connection.entity.ts';
import { rowsOfConnections } from '../../tenancy/teams/policies.ts';
import type { BackfillObject, ListCursor, Section } from '../listings/backfill-objects.ts';
import type { Assignment } from './assignment.ts';

export const backfillStates = ['RUNNING', 'COMPLETED', 'FAILED'] as const;
export type BackfillState = (typeof backfillStates)[number];

/** How many objects Stripe listed, and what became of them. */
export type Tally = { seen: number; applied: number; skipped: number; failed: number };

/** What an existing Stripe account holds, brought to our rows once, page by page. Its lane is `backfill/<id>`. */
const schema = defineEntity({
  name: 'Backfill',
  policies: rowsOfConnections(),
  indexes: [
    {
      name: 'backfill_running',
      expression: `create unique index backfill_running on backfill (connection_id) where state = 'RUNNING'`,
    },
  ],
  properties: {
    id: p.text().primary(),
    connectionId: () => p.manyToOne(StripeConnection).mapToPk().joinColumn('connection_id'),
    objects: p.array().$type<BackfillObject[]>(),
    createdAfter: instant().nullable(),
    assign: p.json<Assignment>(),
    state: p.enum(backfillStates).columnType('text').default('RUNNING'),
    /** The lists to walk, in order; null until Stripe was asked for its test clocks. */
    sections: p.json<Section<BackfillObject>[]>().nullable(),
    /** The one that is walked, by its place in `sections`. */
    section: p.integer().default(0),
    /** The last object of the last page that was taken in; null at the start of a section. */
    cursor: p.json<ListCursor>().nullable(),
    tallies: p.json<Partial<Record<BackfillObject, Tally>>>().default('{}'),
    /** Why it failed. */
    error: p.text().nullable(),
    createdAt: createdAt(),
    finishedAt: instant().nullable(),
  },
});

export class Backfill extends schema.class {}
schema.setClass(Backfill);
