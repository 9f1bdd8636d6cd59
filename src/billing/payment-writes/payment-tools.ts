import type { BaseLogger } from 'pino';
import type Stripe from 'stripe';
import type { Operation } from '../../operations/operation.ts';

/** What makes, cancels and refunds payments. */
export type PaymentTools = { stripe: Stripe; operation: Operation; log: Pick<BaseLogger, 'warn'> };
