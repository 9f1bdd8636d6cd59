/** What can be made to go wrong with webhooks. */
export const webhookFaults = [
  'webhook_delay',
  'webhook_drop',
  'webhook_duplicate',
  'webhook_old_shape',
  'webhook_shuffle',
  'webhook_stale_timestamp',
] as const;

/** What can be made to go wrong with an answer of the API. */
export const apiFaults = [
  'connection_lost_after',
  'connection_lost_before',
  'lock_timeout',
  'rate_limit',
  'refusal',
  'server_error',
  'slow',
  'unavailable',
] as const;

export const paymentFaults = ['payment_decline'] as const;

export type FaultKind = (typeof webhookFaults)[number] | (typeof apiFaults)[number] | (typeof paymentFaults)[number];

/** Something that was asked to go wrong in an account. */
export interface Fault {
  id: string;
  object: 'sandbox.fault';
  created: number;
  kind: FaultKind;
  /** An event type, or a path with or without its method; `*` stands for anything. Without it, everything is struck. */
  only: string | null;
  /** From 0, never, to 1, always. */
  probability: number;
  /** How often it will still strike; `null` is without end. */
  remaining: number | null;
  /** The same seed strikes at the same places of the same sequence. */
  seed: string;
  /** How long: the delay, the window of a shuffle, the wait of a slow answer. */
  milliseconds: number;
  /** How often chance was asked. */
  drawn: number;
  struck: number;
}
