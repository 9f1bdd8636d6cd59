import type { Ingestion } from './ingestion.rig.ts';

export type RecordedEvent = {
  type: string;
  business_key: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown>;
  occurred: number;
};

/** What was recorded of a row, in order. `occurred` is in seconds. */
export const eventsOf = (ingestion: Ingestion, subjectId: string) =>
  ingestion.rows<RecordedEvent>(
    `select type, business_key, before, after, extract(epoch from occurred_at)::int as occurred
     from billing_event where subject_id = $1 order by id`,
    [subjectId],
  );

/**
 * Adds the differences up, from nothing.
 * @throws where one does not continue what the one before it left.
 */
export function addUp(events: RecordedEvent[]): Record<string, unknown> {
  const sum: Record<string, unknown> = {};
  for (const { business_key, before, after } of events) {
    for (const [name, value] of Object.entries(before ?? {}))
      if (textOf(sum[name]) !== textOf(value))
        throw new Error(`${business_key}: ${name} was ${textOf(sum[name])}, not ${textOf(value)}`);
    Object.assign(sum, after);
  }
  return sum;
}

const textOf = (value: unknown) => JSON.stringify(value);
