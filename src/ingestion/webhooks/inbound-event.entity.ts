import { defineEntity, p } from '@mikro-orm/core';
import { instant } from '../../database/columns.ts';
import { StripeConnection } from '../../tenancy/connections/stripe-connection.entity.ts';
import { rowsOfConnections } from '../../tenancy/teams/policies.ts';

/**
 * What became of an event: its object was brought to our rows; nobody handles it; its object's customer belongs to no
 * project; or its object failed too often.
 */
export const inboundOutcomes = ['applied', 'ignored', 'unrouted', 'dead'] as const;
export type InboundOutcome = (typeof inboundOutcomes)[number];

/** The inbox: every event that Stripe sent, once, exactly as it was sent. */
const schema = defineEntity({
  name: 'InboundEvent',
  policies: rowsOfConnections(),
  uniques: [{ properties: ['connectionId', 'eventId'] }],
  indexes: [
    {
      name: 'inbound_event_undone',
      expression: 'create index inbound_event_undone on inbound_event (lane_key, stripe_created) where done_at is null',
    },
    {
      name: 'inbound_event_left',
      expression: `create index inbound_event_left on inbound_event (connection_id, outcome) where outcome in ('dead', 'unrouted')`,
    },
    {
      name: 'inbound_event_rowless',
      expression: `create index inbound_event_rowless on inbound_event (lane_key, stripe_created) where outcome <> 'applied'`,
    },
    {
      name: 'inbound_event_stray',
      expression: `create index inbound_event_stray on inbound_event (connection_id, (payload #>> '{data,object,customer}')) where outcome = 'unrouted'`,
    },
    { properties: ['connectionId', 'receivedAt', 'seq'] },
    {
      name: 'inbound_event_object',
      expression: `create index inbound_event_object on inbound_event (connection_id, split_part(lane_key, '/', 4), received_at, seq)`,
    },
  ],
  properties: {
    seq: p.bigint().primary().autoincrement(),
    connectionId: () => p.manyToOne(StripeConnection).mapToPk().joinColumn('connection_id'),
    /** Stripe's `evt_…`. */
    eventId: p.text(),
    type: p.text(),
    /** The lane of the object that the event speaks of; null where it speaks of none that has an id. */
    laneKey: p.text().nullable(),
    /** Stripe's `created`, in whole seconds. */
    stripeCreated: p.bigint('number'),
    apiVersion: p.text().nullable(),
    payload: p.json().columnType('json'),
    receivedAt: instant().defaultRaw('now()'),
    /** Whether Stripe's delivery had not come when the reconciler found the event. */
    recovered: p.boolean().default(false),
    doneAt: instant().nullable(),
    outcome: p.enum(inboundOutcomes).columnType('text').nullable(),
  },
});

export class InboundEvent extends schema.class {}
schema.setClass(InboundEvent);
