import { defineEntity, p } from '@mikro-orm/core';
import { environmentColumn, instant } from '../../database/columns.ts';
import { rowsForEveryone } from '../teams/policies.ts';
import { Project } from '../teams/project.entity.ts';

/** How one side (TEST or LIVE) of a project is set. Without a row everything is as the defaults say. */
const schema = defineEntity({
  name: 'ProjectSettings',
  policies: rowsForEveryone({ writtenBy: 'projects' }),
  primaryKeys: ['projectId', 'environment'],
  uniques: [{ properties: ['tokenTeamId', 'tokenIssuer', 'tokenAudience'] }],
  indexes: [{ properties: ['tokenIssuer'] }],
  properties: {
    projectId: () => p.manyToOne(Project).mapToPk().joinColumn('project_id').primary(),
    environment: environmentColumn().primary(),
    /** ISO 4217, upper case. */
    defaultCurrency: p.text().nullable(),
    /** For how many days after a payment failed a subscription still gives access. Null: for as long as Stripe retries. */
    gracePeriodDays: p.integer().nullable(),
    /** Whether Stripe computes taxes in a checkout that does not say. */
    automaticTax: p.boolean().default(false),
    /** Where Stripe's pages may send a browser back to: `https://app.example.com`. */
    redirectOrigins: p.array().default([]),
    /** Our ids of the prices that a customer token may check out by id. */
    selfServicePriceIds: p.array().default([]),
    /** `#rrggbb` in lower case: the colour of pages that customers see. */
    brandColor: p.text().nullable(),
    /** The app's own tokens: all of these, or none. */
    tokenIssuer: p.text().nullable(),
    tokenAudience: p.text().nullable(),
    tokenJwksUrl: p.text().nullable(),
    tokenAlgorithms: p.array().default([]),
    /** The claim that holds a customer's external id. */
    tokenCustomerClaim: p.text().default('sub'),
    tokenScopes: p.array().default([]),
    /** The project's team, in which issuer and audience are one side's. */
    tokenTeamId: p.text().nullable(),
    /** Since when this side has the issuer: of several teams, the first is meant where a request names no project. */
    tokenSince: instant().nullable(),
    updatedAt: instant()
      .onCreate(() => new Date())
      .onUpdate(() => new Date()),
  },
});

export class ProjectSettings extends schema.class {}
schema.setClass(ProjectSettings);
