/** The kind of lane that works a backfill, a page at a time. */
export const backfillLanePrefix = 'backfill';

export const backfillLaneOf = (backfillId: string) => `${backfillLanePrefix}/${backfillId}`;

export const backfillOf = (laneKey: string) => laneKey.slice(backfillLanePrefix.length + 1);
