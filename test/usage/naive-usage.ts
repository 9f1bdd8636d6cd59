/** An event as a test remembers it. */
export type Remembered = {
  id: string;
  meter: string;
  occurredAt: number;
  /** In units of 10⁻¹². */
  value: bigint;
  uniqueValue: string | null;
  voided: boolean;
};

const unit = 10n ** 12n;

/** A decimal as whole units of 10⁻¹². */
export function unitsOf(decimal: string): bigint {
  const [whole, fraction = ''] = decimal.split('.');
  return BigInt(whole!) * unit + BigInt(fraction.padEnd(12, '0'));
}

export function decimalOf(units: bigint): string {
  const fraction = String(units % unit)
    .padStart(12, '0')
    .replace(/0+$/, '');
  return `${units / unit}${fraction && `.${fraction}`}`;
}

/** What the events of a range come to, one event after the other, and nothing added up before. */
export function naiveUsage(aggregation: string, events: Remembered[], from: number, to: number) {
  const counted = events.filter(({ voided, occurredAt }) => !voided && occurredAt >= from && occurredAt < to);
  const values = counted.map(({ value }) => value);
  const latest = counted.toSorted((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1)).at(-1);
  const results: Record<string, () => string> = {
    SUM: () => decimalOf(values.reduce((sum, value) => sum + value, 0n)),
    COUNT: () => String(counted.length),
    MAX: () => decimalOf(values.reduce((most, value) => (value > most ? value : most), 0n)),
    LAST: () => decimalOf(latest?.value ?? 0n),
    UNIQUE_COUNT: () => String(new Set(counted.map(({ uniqueValue }) => uniqueValue)).size),
  };
  return { value: results[aggregation]!(), events: counted.length };
}

/** The same for each hour or day (UTC) in which there is anything. */
export function naiveBuckets(aggregation: string, events: Remembered[], from: number, to: number, length: number) {
  const begins = new Set(
    events
      .filter(({ voided, occurredAt }) => !voided && occurredAt >= from && occurredAt < to)
      .map(({ occurredAt }) => occurredAt - (occurredAt % length)),
  );
  return [...begins]
    .sort((a, b) => a - b)
    .map((begin) => {
      const [since, until] = [Math.max(begin, from), Math.min(begin + length, to)];
      return {
        from: new Date(since).toISOString(),
        to: new Date(until).toISOString(),
        ...naiveUsage(aggregation, events, since, until),
      };
    });
}
