import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { Subscription } from '../../billing/subscriptions/subscription.entity.ts';
import { subscriptionStatuses } from '../../billing/subscriptions/subscription-status.ts';
import { instant } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import type { StoredStep } from './stored-step.ts';

/** A fraction's part: a whole number of any size. */
const whole = () => p.decimal('string').columnType('numeric');

/**
 * The recurring revenue of a subscription now, in minor units of its currency a month, as fractions in lowest terms: the sum of its
 * movements. Written with them, by whoever holds the lock of the subscription's row.
 */
const schema = defineEntity({
  name: 'SubscriptionRevenue',
  policies: rowsOfCustomers(),
  properties: {
    subscription: () => p.manyToOne(Subscription).primary().deleteRule('cascade'),
    ...tenant,
    customer: () => p.manyToOne(Customer),
    /** ISO 4217, upper case. */
    currency: p.text(),
    status: p.enum(subscriptionStatuses).columnType('text'),
    mrrNumerator: whole(),
    mrrDenominator: whole(),
    /** What it will be when the trial is over. */
    trialNumerator: whole(),
    trialDenominator: whole(),
    /** Whether it ever was above zero: what comes after is a reactivation. */
    hadRevenue: p.boolean(),
    /** How many movements it has: the ordinal of the last one. */
    movements: p.integer(),
    /** When the last movement occurred, by Stripe's clock. */
    changedAt: instant(),
    /** What becomes of it by time alone: discounts end. In the order of time. */
    steps: p.json<StoredStep[]>().default('[]'),
    /** Whether a test clock of Stripe's says what time it is. */
    onTestClock: p.boolean().default(false),
    /** The first step's instant; null where there is none, or a test clock of Stripe's says when it is. */
    changesAt: instant().nullable(),
  },
});

export class SubscriptionRevenue extends schema.class {}
schema.setClass(SubscriptionRevenue);
