/**
 * The kind of lane that brings the usage of one customer by one meter to Stripe, which takes one call at a time for each of these pairs.
 */
export const forwardingLanePrefix = 'forward-usage';

export const forwardingLaneOf = ({ customerId, meterId }: { customerId: string; meterId: string }) =>
  `${forwardingLanePrefix}/${customerId}/${meterId}`;
