interface Interval {
  interval: 'day' | 'week' | 'month' | 'year';
  interval_count: number;
}

const day = 86_400;

/**
 * `times` intervals after `anchor` (seconds). Months are counted from the anchor, so that the 31st comes back after a February:
 * 31 January, 28 February, 31 March.
 */
export function addIntervals(anchor: number, { interval, interval_count }: Interval, times = 1): number {
  const count = interval_count * times;
  if (interval === 'day') return anchor + count * day;
  if (interval === 'week') return anchor + count * 7 * day;
  const from = new Date(anchor * 1_000);
  const months = from.getUTCMonth() + (interval === 'year' ? 12 * count : count);
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), months + 1, 0)).getUTCDate();
  const date = Date.UTC(from.getUTCFullYear(), months, Math.min(from.getUTCDate(), lastDay));
  return date / 1_000 + (anchor % day);
}

/** The end of the period that holds `time`, counted in whole intervals from `anchor`, before or after it. */
export function periodAfter(anchor: number, interval: Interval, time: number): number {
  let times = anchor <= time ? 1 : 0;
  while (addIntervals(anchor, interval, times) <= time) times++;
  while (addIntervals(anchor, interval, times - 1) > time) times--;
  return addIntervals(anchor, interval, times);
}

/** The period that ends at `end`, whole even where somebody came into it late. */
export function wholePeriod(anchor: number, interval: Interval, end: number) {
  let times = 0;
  while (addIntervals(anchor, interval, times) >= end) times--;
  while (addIntervals(anchor, interval, times + 1) < end) times++;
  return { start: addIntervals(anchor, interval, times), end };
}

/** `amount × part ÷ whole`, a half rounded up, exact however large. */
export function shareOf(amount: number, part: number, whole: number): number {
  const [a, p, w] = [BigInt(amount), BigInt(Math.max(0, part)), BigInt(Math.max(1, whole))];
  return Number((2n * a * p + w) / (2n * w));
}
