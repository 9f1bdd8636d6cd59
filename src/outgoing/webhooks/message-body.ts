/** What is sent, and signed with it: the same text each time. */
export function messageBody({ type, occurredAt, data }: { type: string; occurredAt: Date; data: unknown }): string {
  return JSON.stringify({ type, timestamp: occurredAt.toISOString(), data });
}
