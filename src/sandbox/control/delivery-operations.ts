import type { AccountTransaction } from '../store/account-transaction.ts';
import { deliverAgain } from '../webhooks/deliver-again.ts';
import { resourceMissing } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { integer, oneOf, text } from '../wire/parameter-kinds.ts';

/** A delivery as the control API shows it. */
export interface DeliveryView {
  id: string;
  object: 'sandbox.delivery';
  state: 'pending' | 'delivered' | 'failed';
  attempts: number;
  /** What the endpoint said to the last attempt. */
  answer: string | null;
  event: string;
  type: string;
  endpoint: string;
  url: string | null;
  faults: string[];
  created: string;
  attempted: string | null;
  due: string;
}

const view = `select delivery.id, 'sandbox.delivery' as object, state, attempts, answer, delivery.event,
    event.data->>'type' as type, delivery.endpoint,
    coalesce(endpoint.data->>'url', endpoint.data#>>'{webhook_endpoint,url}') as url,
    faults, to_jsonb(delivery.created)#>>'{}' as created, to_jsonb(attempted)#>>'{}' as attempted, to_jsonb(due)#>>'{}' as due
  from sandbox.delivery
  join sandbox.object event on (event.account, event.id) = (delivery.account, delivery.event)
    and event.object = any('{event,v2.core.event}')
  left join sandbox.object endpoint on (endpoint.account, endpoint.id) = (delivery.account, delivery.endpoint)
    and endpoint.object = any('{webhook_endpoint,v2.core.event_destination}')
  where delivery.account = $1`;

const parameters = {
  endpoint: text(),
  event: text(),
  limit: integer({ min: 1, max: 100 }),
  starting_after: integer({ min: 0 }),
  state: oneOf('delivered', 'failed', 'pending'),
};

/** Deliveries of webhooks, newest first. */
export const listDeliveries = operation(
  parameters,
  async (tx, { endpoint, event, state, limit = 20, starting_after }) => {
    const found = await tx.rows<DeliveryView>(
      `${view} and ($2::text is null or delivery.endpoint = $2) and ($3::text is null or delivery.event = $3)
       and ($4::text is null or state = $4) and ($5::bigint is null or delivery.id < $5)
     order by delivery.id desc limit $6`,
      [tx.account, endpoint, event, state, starting_after, limit + 1],
    );
    return { object: 'list', data: found.slice(0, limit), has_more: found.length > limit, url: '/_sandbox/deliveries' };
  },
);

export const retrieveDelivery = operation({}, (tx, _input, id) => getDelivery(tx, id!));

/** Sends the event of a delivery once more to the same endpoint. */
export const replayDelivery = operation({}, async (tx, _input, id) => {
  const delivery = await getDelivery(tx, id!);
  const event = (await tx.find('event', delivery.event)) ?? (await tx.get('v2.core.event', delivery.event));
  await deliverAgain(tx, event, delivery.endpoint);
  return delivery;
});

async function getDelivery(tx: AccountTransaction, id: string): Promise<DeliveryView> {
  const [found] = /^\d{1,18}$/.test(id)
    ? await tx.rows<DeliveryView>(`${view} and delivery.id = $2`, [tx.account, id])
    : [];
  if (!found) throw resourceMissing('delivery', id, 'id', 404);
  return found;
}
