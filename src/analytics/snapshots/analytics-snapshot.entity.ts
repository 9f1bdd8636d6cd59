import { defineEntity, p } from '@mikro-orm/core';
import type { SubscriptionStatus } from '../../billing/subscriptions/subscription-status.ts';
import { environmentColumn, instant } from '../../database/columns.ts';
import { rowsOfProjects } from '../../tenancy/teams/policies.ts';
import { Project } from '../../tenancy/teams/project.entity.ts';

/** A fraction of minor units of the currency, in lowest terms, as text: `1250/3`. */
const fraction = () => p.text();

/**
 * Recurring revenue of one currency at the end of a day, and what moved on it: kept, so that a year is read in a moment. It follows from the
 * movements, and can be made from them again.
 */
const schema = defineEntity({
  name: 'AnalyticsSnapshot',
  policies: rowsOfProjects(),
  properties: {
    projectId: () => p.manyToOne(Project).mapToPk().joinColumn('project_id').primary(),
    environment: environmentColumn().primary(),
    /** In UTC: `2026-11-21`. */
    day: p.date().primary(),
    /** ISO 4217, upper case. */
    currency: p.text().primary(),
    mrr: fraction(),
    trialMrr: fraction(),
    new: fraction(),
    expansion: fraction(),
    contraction: fraction(),
    churn: fraction(),
    reactivation: fraction(),
    payingCustomers: p.integer(),
    /** Who is in a trial taken to pay. */
    payingOrTryingCustomers: p.integer(),
    /** In any currency: the same in each row of the day, as the next one. */
    allPayingCustomers: p.integer(),
    allPayingOrTryingCustomers: p.integer(),
    payingSubscriptions: p.integer(),
    /** How many subscriptions have each status. */
    statuses: p.json<Record<SubscriptionStatus, number>>(),
    /** When it was last made: movements that were written down later are not in it. */
    computedAt: instant(),
  },
});

export class AnalyticsSnapshot extends schema.class {}
schema.setClass(AnalyticsSnapshot);
