import type { BaseLogger } from 'pino';
import type Stripe from 'stripe';
import type { Operation } from '../../operations/operation.ts';

/** What writes the catalog. */
export type CatalogTools = { stripe: Stripe; operation: Operation; log: Pick<BaseLogger, 'warn'> };
