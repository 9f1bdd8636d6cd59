import Stripe from 'stripe';

/** The version of Stripe's API that our SDK speaks, and that our webhook endpoints are made with. */
export const stripeApiVersion: string = Stripe.API_VERSION;
