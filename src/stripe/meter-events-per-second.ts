import type { Environment } from '../environment.ts';

/** How many meter events Stripe takes each second of a live account. Those of a test one count with everything else that it is asked. */
export const meterEventsPerSecond = { LIVE: 1_000, TEST: 25 } as const satisfies Record<Environment, number>;
