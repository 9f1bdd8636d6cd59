import { defineEntity, p } from '@mikro-orm/core';
import { Price } from '../../billing/catalog/price.entity.ts';
import { createdAt } from '../../database/columns.ts';
import { rowsForEveryone } from '../teams/policies.ts';
import { tenant } from '../teams/tenant-columns.ts';

/** A name of the project's own for a price, so that a frontend says what it sells and the server what it costs. */
const schema = defineEntity({
  name: 'Plan',
  policies: rowsForEveryone({ writtenBy: 'projects' }),
  uniques: [{ properties: ['projectId', 'environment', 'name'] }],
  indexes: [
    {
      name: 'plan_default',
      expression: 'create unique index plan_default on plan (project_id, environment) where is_default',
    },
  ],
  properties: {
    id: p.text().primary(),
    ...tenant,
    name: p.text(),
    price: () => p.manyToOne(Price),
    /** The plan of a checkout that names none. */
    isDefault: p.boolean().default(false),
    createdAt: createdAt(),
  },
});

export class Plan extends schema.class {}
schema.setClass(Plan);
