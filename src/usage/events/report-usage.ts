import { badInput } from '../../errors.ts';
import type { Operation } from '../../operations/operation.ts';
import type { Tenant } from '../../tenant.ts';
import type { ReportedUsage } from './check-usage.ts';
import { recordUsage } from './record-usage.ts';
import type { OnRejection, UsageActor, UsageAnswer } from './usage-answer.ts';

export type UsageReport = { results: UsageAnswer[]; recorded: number; duplicates: number; rejected: number };

export const mostEvents = 1_000;

/**
 * Records a batch in one step. The audit log tells of the batch, and each event of who reported it.
 * @throws Refusal BAD_USER_INPUT for a batch of none or of too many.
 */
export async function reportUsage(
  { operation }: { operation: Operation },
  tenant: Pick<Tenant, 'projectId' | 'environment'>,
  batch: { events: ReportedUsage[]; actor: UsageActor; onRejection: OnRejection },
): Promise<UsageReport> {
  const { length } = batch.events;
  if (length < 1 || length > mostEvents)
    throw badInput(`A batch has 1 to ${mostEvents} events; this one has ${length}. Nothing was recorded.`, 'events');
  return operation.write(async (em, note) => {
    const results = await recordUsage(em, tenant, batch);
    const count = (status: UsageAnswer['status']) => results.filter((one) => one.status === status).length;
    const [recorded, duplicates, rejected] = [count('RECORDED'), count('DUPLICATE'), count('REJECTED')];
    note({ subjectType: 'UsageEvent', after: { recorded, duplicates, rejected } });
    return { results, recorded, duplicates, rejected };
  });
}
