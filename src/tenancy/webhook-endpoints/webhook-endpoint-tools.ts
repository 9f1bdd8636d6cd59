import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import type { Sealer } from '../../sealing/sealing.ts';

/** What sees to a connection's webhook endpoint. */
export type WebhookEndpointTools = {
  stripe: Stripe;
  sealer: Sealer;
  /** One transaction: `em.transactional`, or a step of an operation. */
  write<Result>(work: (em: EntityManager) => Promise<Result>): Promise<Result>;
};
