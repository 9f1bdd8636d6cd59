export const revenueLanePrefix = 'revenue';

/** What makes subscriptions be looked at again: one itself, whose discount ends; a customer's discount; a price. */
export type RevenueCause = 'subscription' | 'customer' | 'price';

/** @param id ours. */
export const revenueLaneOf = (cause: RevenueCause, id: string) => `${revenueLanePrefix}/${cause}/${id}`;

/** The lane that gives revenue to subscriptions that an older server wrote. */
export const firstRevenueLane = `${revenueLanePrefix}/first`;
