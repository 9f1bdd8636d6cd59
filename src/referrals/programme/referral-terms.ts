/** When who was referred gets his credit: as soon as the code is applied, or with the referral's conversion. */
export const refereeCreditTimes = ['APPLY', 'CONVERSION'] as const;
export type RefereeCreditTime = (typeof refereeCreditTimes)[number];

/** For how long a cap counts: the calendar month or year (UTC) of the conversion, or always. */
export const capPeriods = ['MONTH', 'YEAR', 'EVER'] as const;
export type CapPeriod = (typeof capPeriods)[number];
