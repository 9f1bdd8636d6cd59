import type pg from 'pg';
import { draw, fraction } from '../faults/draw.ts';
import type { Fault, FaultKind } from '../faults/fault.ts';
import type { AnyStored, Stored } from '../objects.ts';

type AnyEvent = Stored<'event'> | Stored<'v2.core.event'>;
type Endpoint = Stored<'webhook_endpoint'> | Stored<'v2.core.event_destination'>;

interface PlannedDelivery {
  event: string;
  endpoint: string;
  dropped: boolean;
  /** Milliseconds. */
  delay: number;
  /** The faults that struck it. */
  faults: FaultKind[];
}

/**
 * One delivery for each new event and each endpoint that asked for its type, as the account's faults will have it. Counts
 * them in `pending_webhooks`; `struck` are the faults that counted something.
 */
export async function planDeliveries(
  db: Pick<pg.ClientBase, 'query'>,
  account: string,
  changes: { object: AnyStored }[],
) {
  const events = changes.map(({ object }) => object).filter(isEvent);
  if (!events.length) return { deliveries: [], struck: [] };
  const { rows } = await db.query<{ data: Endpoint | Stored<'sandbox.fault'> }>(
    `select data from sandbox.object
     where account = $1 and object = any('{webhook_endpoint,v2.core.event_destination,sandbox.fault}') and not deleted
     order by seq`,
    [account],
  );
  const settings = rows.map(({ data }) => data);
  const faults = settings.filter(
    (data) => data.object === 'sandbox.fault' && data.kind.startsWith('webhook_'),
  ) as Fault[];
  const endpoints = settings.filter(
    (data) => data.object !== 'sandbox.fault' && data.status === 'enabled',
  ) as Endpoint[];
  const drawnBefore = faults.map(({ drawn }) => drawn);
  const deliveries = events.flatMap((event) => {
    const planned = endpoints
      .filter((endpoint) => isAskedFor(event, endpoint))
      .flatMap((endpoint) => plan(event, endpoint, faults));
    if (event.object === 'event') event.pending_webhooks = planned.filter(({ dropped }) => !dropped).length;
    return planned;
  });
  return { deliveries, struck: faults.filter(({ drawn }, index) => drawn !== drawnBefore[index]) };
}

function isEvent(object: AnyStored): object is AnyEvent {
  return object.object === 'event' || object.object === 'v2.core.event';
}

function isAskedFor(event: AnyEvent, endpoint: Endpoint): boolean {
  const isThin = endpoint.object === 'v2.core.event_destination' && endpoint.event_payload === 'thin';
  if (isThin !== (event.object === 'v2.core.event')) return false;
  return endpoint.enabled_events.some((type) => type === '*' || type === event.type);
}

function plan(event: AnyEvent, endpoint: Endpoint, faults: Fault[]): PlannedDelivery[] {
  const struckBy = faults.filter((fault) => draw(fault, event.type));
  const delivery = {
    event: event.id,
    endpoint: endpoint.id,
    dropped: struckBy.some(({ kind }) => kind === 'webhook_drop'),
    delay: struckBy.reduce((sum, fault) => sum + delayBy(fault), 0),
    faults: struckBy.map(({ kind }) => kind),
  };
  return delivery.faults.includes('webhook_duplicate') ? [delivery, delivery] : [delivery];
}

function delayBy({ kind, milliseconds, seed, drawn }: Fault): number {
  if (kind === 'webhook_delay') return milliseconds;
  return kind === 'webhook_shuffle' ? milliseconds * fraction(`${seed} ${drawn} place`) : 0;
}
