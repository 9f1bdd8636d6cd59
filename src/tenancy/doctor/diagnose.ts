import type { EntityManager } from '@mikro-orm/core';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import type { StripeConnection } from '../connections/stripe-connection.entity.ts';
import { checkDeliveries } from './check-deliveries.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { checkEventDestination } from './check-event-destination.ts';
import { checkBacklog, checkInstallation } from './check-installation.ts';
import { checkKey } from './check-key.ts';
import { checkReferrals } from './check-referrals.ts';
import { checkRights } from './check-rights.ts';
import { checkUsage } from './check-usage.ts';
import { type DoctorCheck, type Finding, ill } from './finding.ts';

type Tools = {
  em: EntityManager;
  /** Opens the connection with its sealed key. */
  open(): Promise<OpenConnection | null>;
};

/**
 * Examines a Stripe connection and what it needs here. Nothing is changed, here or in Stripe. What cannot be asked, since the
 * key does not open, Stripe refuses it or is not reached, is left out.
 */
export async function diagnose({ em, open }: Tools, row: StripeConnection): Promise<Finding[]> {
  return [
    ...(await checkStripe({ em, open }, row)),
    await checkBacklog(em, row.id),
    await checkUsage(em, row.id),
    await checkReferrals(em, row.id),
    ...(await checkInstallation(em)),
  ];
}

async function checkStripe({ em, open }: Tools, row: StripeConnection): Promise<Finding[]> {
  const connection = await open().catch((failure: Error) => failure);
  if (connection instanceof Error || !connection) {
    const why = connection?.message ?? 'the connection is gone.';
    return [ill('KEY_VALID', `The sealed key does not open: ${why}`, 'Set ENCRYPTION_KEY to the one that sealed it.')];
  }
  const { stripe } = connection;
  const { findings, reached } = await checkKey(connection);
  if (!reached) return findings;
  return [
    ...findings,
    await checkRights(connection),
    ...(await unlessRefused('ENDPOINT', () => checkEndpoint(stripe, row))),
    ...(await unlessRefused('EVENT_DESTINATION', async () => [await checkEventDestination(stripe, row)])),
    ...(await unlessRefused('WEBHOOK_SECRET', async () => [await checkDeliveries({ em, stripe }, row)])),
  ];
}

/** A restricted key may be without the right to look. */
async function unlessRefused(check: DoctorCheck, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (failure) {
    const mend = 'See what KEY_RIGHTS says, and try again.';
    return [ill(check, `Stripe does not tell: ${(failure as Error).message}`, mend)];
  }
}
