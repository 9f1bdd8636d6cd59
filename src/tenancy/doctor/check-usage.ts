import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { forwardingLanePrefix } from '../../usage/forwarding/forwarding-lane.ts';
import { measureForwarding } from '../../usage/forwarding-health/measure-forwarding.ts';
import { type Finding, ill, well } from './finding.ts';

/** How long usage may be on its way, in seconds, before something is wrong. */
const patience = 60;

/** Whether the usage that was recorded for the meters of a connection reaches Stripe. */
export async function checkUsage(em: EntityManager, connectionId: string): Promise<Finding> {
  const { pending, lagSeconds, failed } = await measureForwarding({ em }, { connectionId });
  const isLate = lagSeconds > patience;
  if (!isLate && !failed)
    return well('USAGE', "Stripe's meters have what was recorded more than a minute ago, and refused none of it.");
  const [lane] = isLate ? await lastErrors(em, connectionId) : [];
  const why = lane ? ` Last: ${lane.error}` : '';
  const late = isLate ? `${pending} wait for Stripe's meters, the oldest for ${lagSeconds} seconds.${why} ` : '';
  return ill(
    'USAGE',
    `Of recorded usage events and corrections, ${late}${failed} were refused or could not be counted.`,
    'See usageForwarding and meterErrors, mend the cause, and use resendUsage for what failed. What waits is sent by itself.',
  );
}

const lastErrors = (em: EntityManager, connectionId: string) =>
  runStatement<{ error: string }>(
    em,
    `select last_error as error from lane join meter on meter.id = split_part(lane.key, '/', 3)
     where lane.key like '${forwardingLanePrefix}/%' and meter.connection_id = $1 and last_error is not null
     order by run_at limit 1`,
    [connectionId],
  );
