const format = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' });

/** A day, for people: `Nov 21, 2026`. */
export function dateLabel(seconds: number): string {
  return format.format(seconds * 1_000);
}
