/** The second of Stripe's `Date` header. 0 where it is missing or unreadable: then an answer proves nothing by its time. */
export function secondOf(date: string | undefined): number {
  const milliseconds = Date.parse(date ?? '');
  return Number.isNaN(milliseconds) ? 0 : Math.floor(milliseconds / 1000);
}
