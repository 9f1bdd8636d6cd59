import type { MikroORM } from '@mikro-orm/postgresql';
import { type LaneKind, NotYet } from '../../lanes/lane-kind.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import { workEach } from '../../lanes/work-each.ts';
import { followReferral } from './follow-referral.ts';
import { referralLaneOf } from './wake-referrals.ts';

/** The lanes of referrals: whichever is worked decides the referral from its rows, and its own one comes back when a hold ends. */
export function createReferralLanes({ orm }: { orm: MikroORM }): LaneKind {
  return workEach({ orm, atOnce: 8 }, async ({ key }) => {
    const [, id] = key.split('/') as [string, string];
    const holdUntil = await followReferral({ em: orm.em.fork() }, id);
    if (!holdUntil) return;
    const own = referralLaneOf(id);
    if (key === own) throw new NotYet(Math.max(1, holdUntil.getTime() - Date.now()));
    await wakeLanes(orm.em.fork(), [own], holdUntil);
  });
}
