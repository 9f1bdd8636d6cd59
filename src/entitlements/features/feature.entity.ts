import { defineEntity, p } from '@mikro-orm/core';
import { instant, timestamps } from '../../database/columns.ts';
import { rowsForEveryone } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';
import { Meter } from '../../usage/meters/meter.entity.ts';
import { featureTypes } from './feature-type.ts';

/** Something that customers may have or not: products give it, grants and overrides of a customer change that. It is ours alone. */
const schema = defineEntity({
  name: 'Feature',
  policies: rowsForEveryone({ writtenBy: 'projects' }),
  uniques: [{ properties: ['projectId', 'environment', 'key'] }],
  indexes: [{ properties: ['projectId', 'environment', 'createdAt', 'id'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    /** What code asks for. It never changes. An active entitlement of Stripe's with this lookup key gives a BOOLEAN feature too. */
    key: p.text(),
    name: p.text(),
    description: p.text().nullable(),
    type: p.enum(featureTypes).columnType('text'),
    /** Of LIMIT: what counts against the limit. Null where nothing is counted. */
    meter: () => p.manyToOne(Meter).nullable().deleteRule('no action'),
    /** Of ENUMERATED, from least to most, or else empty. Options are only added, and never change places with each other. */
    options: p.array().default([]),
    /** The same as JSON. */
    optionList: p
      .json<string[]>()
      .lazy()
      .formula(({ options }) => `to_json(${options})`),
    archivedAt: instant().nullable(),
    ...timestamps,
  },
});

export class Feature extends schema.class {}
schema.setClass(Feature);
