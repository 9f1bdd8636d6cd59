import type { BackfillView } from './view-backfill.ts';

const cells = 20;

/** A backfill in a line: a bar of the kinds that are listed to the end, and what there was of each. */
export function drawProgress({ progress, error }: BackfillView): string {
  const done = progress.filter(({ isDone }) => isDone).length;
  const filled = Math.round((cells * done) / progress.length);
  const bar = '█'.repeat(filled) + '░'.repeat(cells - filled);
  const counts = progress
    .filter(({ seen, isDone }) => seen || isDone)
    .map(({ object, seen, skipped, failed }) => {
      const notes = [skipped && `${skipped} skipped`, failed && `${failed} failed`].filter(Boolean).join(', ');
      return `${object.toLowerCase()} ${seen}${notes && ` (${notes})`}`;
    });
  return [`${bar} ${done}/${progress.length}`, ...counts, ...(error ? [`waiting: ${error}`] : [])].join('  ');
}
