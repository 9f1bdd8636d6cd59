import type pg from 'pg';
import { wallClock } from '../clock.ts';
import { oldVersion } from '../shapes/old-version.ts';
import { renderOld } from '../shapes/render-old.ts';
import { inModeOf } from '../wire/live-mode.ts';
import type { Delivery } from './deliveries.ts';
import type { SignedPayload } from './post-payload.ts';
import { activeSecrets } from './secrets.ts';

/** Stripe's SDK takes five minutes at most. */
const staleSeconds = 3_600;

/** What a delivery posts: its event in the shape of the endpoint's API version, and what signs it. */
export async function payloadOf(
  pool: pg.Pool,
  { account, event, faults }: Delivery,
  endpoint: NonNullable<Delivery['endpoint']>,
): Promise<SignedPayload> {
  const now = wallClock();
  const isOld = faults.includes('webhook_old_shape') || isPinnedToOld(endpoint);
  const body =
    event.object === 'v2.core.event'
      ? { ...event, data: undefined }
      : isOld
        ? await renderOld(pool, account, event)
        : event;
  return {
    url: endpoint.object === 'webhook_endpoint' ? endpoint.url : endpoint.webhook_endpoint!.url!,
    payload: inModeOf(account, JSON.stringify(body, null, 2)),
    secrets: activeSecrets(endpoint._sandbox, now),
    timestamp: faults.includes('webhook_stale_timestamp') ? now - staleSeconds : now,
  };
}

function isPinnedToOld(endpoint: NonNullable<Delivery['endpoint']>): boolean {
  return endpoint.object === 'webhook_endpoint' && endpoint.api_version === oldVersion;
}
