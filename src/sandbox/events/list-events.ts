import type Stripe from 'stripe';
import { invalidRequest, resourceMissing } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { boolean, page, text, timeRange } from '../wire/parameter-kinds.ts';
import { type Every, list } from '../wire/parameters.ts';

const parameters = {
  ...page,
  created: timeRange,
  delivery_success: boolean,
  type: text(),
  types: list(text(), { max: 20 }),
} satisfies Every<Stripe.EventListParams>;

/** Real time counts here, whatever a test clock says. */
export const isKept = `recorded > now() - interval '30 days'`;

const isUndelivered = `exists (
  select from sandbox.delivery where delivery.account = $1 and delivery.event = object.id and state <> 'delivered')`;

/** The events of the last thirty days. */
export const listEvents = operation(parameters, (tx, { type, types, delivery_success, ...input }) => {
  if (type && types) throw invalidRequest('You may only specify one of these parameters: type, types.', 'types');
  const delivered = delivery_success === undefined ? [] : [delivery_success ? `not ${isUndelivered}` : isUndelivered];
  return tx.list('event', '/v1/events', input, { type: type ?? types }, [isKept, ...delivered].join(' and '));
});

export const retrieveEvent = operation({}, async (tx, _input, id) => {
  const [kept] = await tx.rows(
    `select from sandbox.object where account = $1 and object = 'event' and id = $2 and ${isKept}`,
    [tx.account, id],
  );
  if (!kept) throw resourceMissing('event', id!, 'id', 404);
  return tx.get('event', id!);
});
