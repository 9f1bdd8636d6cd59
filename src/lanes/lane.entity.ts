import { defineEntity, p } from '@mikro-orm/core';
import { instant } from '../database/columns.ts';

/** One row for each thing that has work to do; no row means clean. How it is claimed and fenced: see lane-kind.ts. */
const schema = defineEntity({
  name: 'Lane',
  indexes: [{ name: 'lane_due', expression: 'create index lane_due on lane (run_at) where owner is null' }],
  properties: {
    key: p.text().primary(),
    /** Grows with each wake-up: a round that saw an older generation is followed by another. */
    gen: p.bigint().default(1),
    /** `infinity` is a dead lane: it failed too often, and rests until it is woken. */
    runAt: instant().defaultRaw('now()'),
    /** The worker (an advisory lock's id) that holds the lane. */
    owner: p.integer().nullable(),
    /** Of the last claim: fences a worker that lost the lane. */
    token: p.bigint().nullable(),
    /** Claims since the lane last succeeded. */
    attempts: p.integer().default(0),
    lastError: p.text().nullable(),
  },
});

export class Lane extends schema.class {}
schema.setClass(Lane);
