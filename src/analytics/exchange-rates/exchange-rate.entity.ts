import { defineEntity, p } from '@mikro-orm/core';
import { timestamps } from '../../database/columns.ts';
import { rowsOfProjects } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';

/** What one unit of a currency is worth in another one, as an operator says it: nothing fetches it. */
const schema = defineEntity({
  name: 'ExchangeRate',
  policies: rowsOfProjects(),
  uniques: [{ properties: ['projectId', 'environment', 'from', 'to', 'day'] }],
  indexes: [{ properties: ['projectId', 'environment', 'createdAt', 'id'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    from: p.text().fieldName('from_currency'),
    to: p.text().fieldName('to_currency'),
    /** The first day (UTC) that it holds for, `2026-11-21`, until another one of the pair does. */
    day: p.date(),
    /** Units of `to` for one of `from`: euros for a dollar, not cents for a cent. */
    rate: p.decimal('string').columnType('numeric(24,12)'),
    ...timestamps,
  },
});

export class ExchangeRate extends schema.class {}
schema.setClass(ExchangeRate);
