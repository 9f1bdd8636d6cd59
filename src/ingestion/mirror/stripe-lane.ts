/** The kind of lane that brings one object of Stripe's to our rows. */
export const stripeLanePrefix = 'stripe';

/** An object of Stripe's: in which connection, its type in Stripe's word (`checkout.session`), its id. */
export type ObjectAddress = { connectionId: string; object: string; id: string };

export const laneOf = ({ connectionId, object, id }: ObjectAddress) =>
  `${stripeLanePrefix}/${connectionId}/${object}/${id}`;

export function addressOf(laneKey: string): ObjectAddress {
  const [, connectionId = '', object = '', ...id] = laneKey.split('/');
  return { connectionId, object, id: id.join('/') };
}
