import { defineEntity, p } from '@mikro-orm/core';
import { createdAt } from '../../database/columns.ts';
import { rowsThrough } from '../../tenancy/teams/policies.ts';
import type { BackfillObject } from '../listings/backfill-objects.ts';
import { Backfill } from './backfill.entity.ts';

/** An object that a backfill could not bring to our rows. */
const schema = defineEntity({
  name: 'BackfillFailure',
  policies: rowsThrough('backfill', 'backfill_id'),
  uniques: [{ properties: ['backfillId', 'stripeId'] }],
  indexes: [{ properties: ['backfillId', 'id'] }],
  properties: {
    id: p.text().primary(),
    backfillId: () => p.manyToOne(Backfill).mapToPk().joinColumn('backfill_id'),
    object: p.text().$type<BackfillObject>(),
    stripeId: p.text(),
    reason: p.text(),
    createdAt: createdAt(),
  },
});

export class BackfillFailure extends schema.class {}
schema.setClass(BackfillFailure);
