import { badInput } from '../../errors.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { meterErrorEvent } from '../../usage/events/sync-meter-error-reports.ts';
import { rowOfCopy } from '../mirror/row-of-copy.ts';
import { laneOf } from '../mirror/stripe-lane.ts';

export type ArrivedEvent = {
  connectionId: string;
  eventId: string;
  type: string;
  laneKey: string | null;
  /** Whether somebody handles it: its lane is to be woken. */
  isHandled: boolean;
  stripeCreated: number;
  apiVersion: string | null;
  payload: string;
};

/**
 * Reads what the inbox needs of an event, and checks that it is meant for this connection.
 * @param payload the verified body.
 * @throws Refusal BAD_USER_INPUT where it is no event, of the other mode, or of another account.
 */
export function readEvent(payload: string, connection: OpenConnection): ArrivedEvent {
  const event = parse(payload);
  const { id, type, livemode } = event;
  if (!isName(id) || !isName(type) || typeof livemode !== 'boolean')
    throw badInput('This is not an event of Stripe: it lacks an id, a type or a livemode.', 'body');
  if (livemode !== (connection.environment === 'LIVE'))
    throw badInput(`This event is of the other mode: the connection is for ${connection.environment}.`, 'livemode');

  const common = { connectionId: connection.id, eventId: id, type, payload: withoutSecrets(payload) };
  if (event.object === 'event') return { ...common, ...readSnapshotEvent(event, connection) };
  if (event.object === 'v2.core.event') return { ...common, ...readThinEvent(event, connection) };
  throw badInput('This is not an event of Stripe: its `object` is neither event nor v2.core.event.', 'object');
}

/** Whoever has a payment's secret can pay it: the inbox keeps none. */
const withoutSecrets = (payload: string) =>
  payload.includes('_secret_') ? payload.replace(/\b((?:pi|seti)_[A-Za-z0-9]+_secret)_[A-Za-z0-9]+/g, '$1') : payload;

function readSnapshotEvent(event: Dictionary, connection: OpenConnection) {
  const { account, created, data, api_version: apiVersion } = event;
  if (isName(account) && account !== connection.stripeAccountId)
    throw badInput('This event is of another account than the one that is connected.', 'account');
  const copy = dictionary(dictionary(data).object);
  const { object } = copy;
  if (!isSecond(created) || !isName(object))
    throw badInput('This is not an event of Stripe: it lacks a time or an object.', 'body');
  const row = rowOfCopy(object, copy);
  const address = row ?? { object, id: copy.id };
  return {
    laneKey: isName(address.id)
      ? laneOf({ connectionId: connection.id, object: address.object, id: address.id })
      : null,
    isHandled: isName(address.id) && row !== null,
    stripeCreated: created,
    apiVersion: isName(apiVersion) ? apiVersion : null,
  };
}

/** It carries no object: what it tells is in the event itself, for whoever asks for it. Its time is ISO 8601. */
function readThinEvent({ id, type, object, created }: Dictionary, connection: OpenConnection) {
  const stripeCreated = Math.floor(Date.parse(String(created)) / 1000);
  if (!isSecond(stripeCreated)) throw badInput('This is not an event of Stripe: it lacks a time.', 'created');
  const isHandled = type === meterErrorEvent;
  const address = { connectionId: connection.id, object: object as string, id: id as string };
  return { laneKey: isHandled ? laneOf(address) : null, isHandled, stripeCreated, apiVersion: null };
}

type Dictionary = Record<string, unknown>;

function parse(payload: string): Dictionary {
  try {
    return dictionary(JSON.parse(payload));
  } catch {
    throw badInput('The body is not JSON.', 'body');
  }
}

const dictionary = (value: unknown) => (typeof value === 'object' && value !== null ? value : {}) as Dictionary;

/** Stripe's ids have up to 255 characters; PostgreSQL cannot store U+0000. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 255 && !value.includes('\0');
}

const isSecond = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
