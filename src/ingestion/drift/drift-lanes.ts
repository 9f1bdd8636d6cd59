import type { EntityManager } from '@mikro-orm/core';
import { TryLater } from '../../lanes/lane-kind.ts';
import { createLimiter } from '../../lanes/limiter.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { isStripeTrouble } from '../../stripe/stripe-trouble.ts';
import type { DriftReason } from './drift-finding.entity.ts';
import { type ExamineTools, examineObject } from './examine-object.ts';

/** The kind of lane that examines one object: `drift/<connection>/<type>/<id>`. */
export const driftLanePrefix = 'drift';

const atOnce = 8;

/** Lets objects be examined later: whatever is on its way to their rows has time to arrive. */
export async function examineLater(
  em: EntityManager,
  { connection, type, ids, seconds }: { connection: OpenConnection; type: string; ids: string[]; seconds: number },
): Promise<void> {
  const keys = ids.map((id) => `${driftLanePrefix}/${connection.id}/${type}/${id}`);
  await wakeLanes(em, keys, seconds ? new Date(Date.now() + seconds * 1000) : undefined);
}

/**
 * Examines objects now. One that fails does not hold up the others: it is tried again by itself, and dies in view.
 * @throws where Stripe is not at our service.
 */
export async function examineObjects(
  tools: ExamineTools,
  what: { connection: OpenConnection; type: string; ids: string[]; reason?: DriftReason; heal: boolean },
): Promise<void> {
  const { ids, ...common } = what;
  const limit = createLimiter(atOnce);
  const failed = await Promise.all(
    ids.map((id) =>
      limit(() => examineObject(tools, { ...common, id })).then(
        () => undefined,
        (failure: unknown) => ({ id, failure }),
      ),
    ),
  );
  const failures = failed.filter((one) => one !== undefined);
  const trouble = failures.find(({ failure }) => isTrouble(failure));
  if (trouble) throw trouble.failure;
  if (!what.heal || !failures.length) return;
  await examineLater(tools.orm.em.fork(), { ...common, ids: failures.map(({ id }) => id), seconds: 0 });
}

const isTrouble = (failure: unknown) => isStripeTrouble(failure instanceof TryLater ? failure.cause : failure);
