import type Stripe from 'stripe';

type Formula = Stripe.Billing.Meter.DefaultAggregation.Formula;

/** What Stripe is told of: the usage of one customer by one meter. */
export type Pair = {
  customerId: string;
  meterId: string;
  connectionId: string;
  /** Null while it is being made in Stripe. */
  stripeCustomerId: string | null;
  stripeMeterId: string | null;
  stripeFormula: Formula;
  stripeEventName: string;
  customerPayloadKey: string;
  valuePayloadKey: string;
};

/** A row of the outbox that waits. Times are in whole seconds since 1970. */
export type WaitingRow = {
  id: string;
  isCorrection: boolean;
  quantity: string | null;
  occurredAt: number;
  state: 'PENDING' | 'ASKED';
  stripeIdentifier: string | null;
  stripeAt: number | null;
  stripeValue: string | null;
  /** Seconds since Stripe was first asked. */
  askedAgo: number | null;
  /** Of a correction: by which Stripe knows what was sent. Null: it has no name yet. Once that row is pruned, one that Stripe does not know, and refuses. */
  sentIdentifier: string | null;
};

/** An event of Stripe's, which carries one row or several. */
export type Message = {
  identifier: string;
  /** The second that Stripe counts it in. */
  at: number;
  value: string;
  rows: WaitingRow[];
  /** The identifier of the event that Stripe is asked to take back instead. */
  cancels?: string;
  /** Stripe has the value already, and need not be told. */
  isKnown?: true;
};

/** What Stripe said to a message. */
export type Verdict =
  | { message: Message; is: 'counted' }
  /** `isCertain`: not counted by an earlier try either. */
  | { message: Message; is: 'refused'; code: string; reason: string; isCertain: boolean }
  /** Stripe has certainly not counted it, and may be asked anew. */
  | { message: Message; is: 'not done' };
