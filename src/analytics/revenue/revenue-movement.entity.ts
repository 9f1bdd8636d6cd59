import { defineEntity, p } from '@mikro-orm/core';
import { subscriptionStatuses } from '../../billing/subscriptions/subscription-status.ts';
import { instant } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { movementTypes } from './movement-types.ts';

/** A fraction's part: a whole number of any size. */
const whole = () => p.decimal('string').columnType('numeric');

/**
 * One change of a subscription's recurring revenue or status, written in the transaction of the change. Rows are only added: for any two
 * instants they add up to the difference of what was. Amounts are fractions of minor units of `currency` a month, in lowest terms.
 * The subscription and customer are named without foreign keys: history outlives them, and costs no look-up.
 */
const schema = defineEntity({
  name: 'RevenueMovement',
  policies: rowsOfCustomers(),
  uniques: [{ properties: ['subscriptionId', 'ordinal'] }],
  indexes: [
    { properties: ['projectId', 'environment', 'occurredAt'] },
    { properties: ['projectId', 'environment', 'recordedAt'] },
    { properties: ['customerId', 'occurredAt'] },
    {
      name: 'revenue_movement_canceled',
      expression: `create index revenue_movement_canceled on revenue_movement (project_id, environment, occurred_at) where status_after = 'CANCELED'`,
    },
  ],
  properties: {
    id: p.text().primary(),
    ...tenant,
    customerId: p.text(),
    subscriptionId: p.text(),
    /** The how manieth of its subscription, from 1. */
    ordinal: p.integer(),
    /** ISO 4217, upper case. */
    currency: p.text(),
    /** Null where revenue stayed the same, and the trial's or the status changed. */
    type: p.enum(movementTypes).columnType('text').nullable(),
    /** By how much the revenue changed. */
    numerator: whole(),
    denominator: whole(),
    /** By how much that of the trial changed. */
    trialNumerator: whole(),
    trialDenominator: whole(),
    /** Null for the first one. */
    statusBefore: p.enum(subscriptionStatuses).columnType('text').nullable(),
    statusAfter: p.enum(subscriptionStatuses).columnType('text'),
    /** By Stripe's clock, and never before the one before. */
    occurredAt: instant(),
    recordedAt: instant(),
  },
});

export class RevenueMovement extends schema.class {}
schema.setClass(RevenueMovement);
