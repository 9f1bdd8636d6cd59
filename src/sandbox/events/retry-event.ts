import { deliverAgain } from '../webhooks/deliver-again.ts';
import { operation } from '../wire/operation.ts';
import { boolean, text } from '../wire/parameter-kinds.ts';

/** Sends an event once more, as `stripe events resend` asks for: to one endpoint, or to all that are enabled for its type. */
export const retryEvent = operation(
  { account: text(), for_stripecli: boolean, webhook_endpoint: text() },
  async (tx, input, id) => {
    const event = await tx.get('event', id!);
    const endpoints = input.webhook_endpoint
      ? [await tx.refer('webhook_endpoint', input.webhook_endpoint, 'webhook_endpoint')]
      : (await tx.all('webhook_endpoint', { status: 'enabled' })).filter(({ enabled_events: types }) =>
          types.some((type) => type === '*' || type === event.type),
        );
    for (const endpoint of endpoints) await deliverAgain(tx, event, endpoint.id);
    return event;
  },
);
