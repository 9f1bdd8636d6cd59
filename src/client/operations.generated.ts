/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A postal address. It replaces the one before as a whole. */
export type AddressInput = {
  /** City, town or village: at most 500 characters. */
  city?: string | null | undefined;
  /** Two letters of ISO 3166-1, in upper case: `DE`. */
  country?: string | null | undefined;
  /** Street and number, or a post office box: at most 500 characters. */
  line1?: string | null | undefined;
  /** Apartment, suite, unit: at most 500 characters. */
  line2?: string | null | undefined;
  /** The postal code: at most 20 characters. */
  postalCode?: string | null | undefined;
  /** State, county or province: at most 500 characters. */
  state?: string | null | undefined;
};

/** Between which the buyer may choose on the page. */
export type AdjustableQuantityInput = {
  /** The most: to 999,999. */
  maximum?: number;
  /** The least: from 1. */
  minimum?: number;
};

/** A price, and how many of it. */
export type CheckoutLineItemInput = {
  /** Lets the buyer change the quantity. Left out, he cannot. */
  adjustableQuantity?: AdjustableQuantityInput | null | undefined;
  /** What is bought: `pri_…`, active. Each price in one line item; a customer token as with `priceId`. */
  priceId: string;
  /** How many: 1 to 999,999; 1 by default. A metered price has none: what is used is charged. */
  quantity?: number | null | undefined;
};

/** What a checkout session is for. */
export type CheckoutMode =
  /** Pay a one-time price. */
  | 'PAYMENT'
  /** Save a payment method for later. Nothing is sold. */
  | 'SETUP'
  /** Start a subscription to a recurring price. */
  | 'SUBSCRIPTION';

/** What is sold to whom, and where the buyer goes afterwards. */
export type CreateCheckoutSessionInput = {
  /** Whether the buyer may type a promotion code on the page: any of the Stripe account. Not with `promotionCode`. */
  allowPromotionCodes?: boolean | null | undefined;
  /** Whether Stripe computes taxes and adds them; the page then asks for the billing address. By default as the project's `automaticTax` says. */
  automaticTax?: boolean | null | undefined;
  /** An absolute http(s) URL for the buyer who turned back. */
  cancelUrl: string;
  /** In which currency it is paid, where prices have several: one that all of them have, or `BAD_USER_INPUT`. Without it Stripe chooses where the prices' own currency is the same; where it is not, it is the first that they share, as the first price has them. Not in mode SETUP. */
  currency?: string | null | undefined;
  /** A guest buys, who has this email address; not in mode SETUP. When the guest has paid there is a customer with it, and the purchase is his. Where a customer of the project has the address already, the session is for him; `CONFLICT` if payment methods are saved for him, which the page may offer to whoever opens it: let him sign in, and name him by `customerId`. */
  customerEmail?: string | null | undefined;
  /** Who buys: `pc_…`. A customer token leaves it out, or names its own customer; a key names one, or a guest by `customerEmail`. */
  customerId?: string | null | undefined;
  /** For how many minutes the page takes payments: 30 to 1,440; a day by default. */
  expiresInMinutes?: number | null | undefined;
  /** A text of your own, 1 to 255 printable ASCII characters, new for each call: a UUID, say. Send the same again where an answer was lost: the call is carried out once, and answered the same for at least 24 hours. `CONFLICT` where another call had it, and (`retryable`, with `retryAfter`) while the first one is being carried out. The header `Idempotency-Key` does the same for a request with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** What is bought, where it is several prices with a currency in common, instead of price, plan and quantity: 1 to 100. In mode SUBSCRIPTION at most 20 recurring ones, of one interval, and at most 20 that are charged once, with the first invoice; in mode PAYMENT one-time prices only. */
  lineItems?: Array<CheckoutLineItemInput> | null | undefined;
  /** Your own notes on the session and on what comes of it (the subscription or payment): at most 40 keys. */
  metadata?: Record<string, string> | null | undefined;
  /** What the session is for. */
  mode?: CheckoutMode;
  /** What is bought, by the name of one of the project's plans, instead of a price. Without price, plan and line items the project's default plan is bought. */
  plan?: string | null | undefined;
  /** What is bought: `pri_…`, active, recurring in mode SUBSCRIPTION and one-time in mode PAYMENT. A customer token may name the prices of plans, and those that are published for self-service, and gets `FORBIDDEN` for any other. */
  priceId?: string | null | undefined;
  /** A promotion code of the Stripe account, as a customer would type it, that lowers the price. `NOT_FOUND` where there is none, or only for other customers; `BAD_USER_INPUT` where it has expired or was used up. */
  promotionCode?: string | null | undefined;
  /** How many: 1 to 999,999; 1 by default. A metered price has none: what is used is charged. */
  quantity?: number | null | undefined;
  /** An absolute http(s) URL for the buyer who paid. `{CHECKOUT_SESSION_ID}` in it becomes the session's id. */
  successUrl: string;
  /** Days before the first payment: 1 to 730. Mode SUBSCRIPTION only. `FORBIDDEN` for a customer token, as are `trialWithoutCard`, `promotionCode`, `allowPromotionCodes`, `automaticTax`, `currency` and `customerEmail`: the server decides them. */
  trialDays?: number | null | undefined;
  /** The trial needs no payment method, and this becomes of it without one. Only with `trialDays`. */
  trialWithoutCard?: TrialEnd | null | undefined;
};

/** A new customer. */
export type CreateCustomerInput = {
  /** Where invoices are addressed to. Null takes it away. */
  address?: AddressInput | null | undefined;
  /** A note of yours about the customer, at most 5,000 characters. Null takes it away. */
  description?: string | null | undefined;
  /** Kept in lower case; unique in the project and environment (`CONFLICT`). */
  email: string;
  /** Your own id of the customer, at most 255 characters; unique in the project and environment (`CONFLICT`). */
  externalId?: string | null | undefined;
  /** A text of your own, 1 to 255 printable ASCII characters, new for each call: a UUID, say. Send the same again where an answer was lost: the call is carried out once, and answered the same for at least 24 hours. `CONFLICT` where another call had it, and (`retryable`, with `retryAfter`) while the first one is being carried out. The header `Idempotency-Key` does the same for a request with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** Your own notes: at most 40 keys; those that begin with `billgraph_` are reserved. They replace those of before. */
  metadata?: Record<string, string> | null | undefined;
  /** The name on invoices, at most 256 characters. Null takes it away. */
  name?: string | null | undefined;
  /** A phone number, at most 20 characters. Null takes it away. */
  phone?: string | null | undefined;
};

/** A token for the frontend of one customer. */
export type CreateCustomerTokenInput = {
  /** The customer whom the token speaks for: `pc_…`. */
  customerId: string;
  /** A text of your own, 1 to 255 printable ASCII characters, new for each call: a UUID, say. Send the same again where an answer was lost: the call is carried out once, and answered the same for at least 24 hours. `CONFLICT` where another call had it, and (`retryable`, with `retryAfter`) while the first one is being carried out. The header `Idempotency-Key` does the same for a request with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** What the frontend may do: some of `customers:read`, `products:read`, `subscriptions:read`, `subscriptions:write`, `invoices:read`, `payment_methods:read`, `payment_methods:write`, `checkout:read`, `checkout:write`, `portal:write`, `entitlements:read`, `usage:read`, `referrals:read`, `referrals:write`, `access_tokens:write`, and no more than your key holds. None means none. */
  scopes: Array<string>;
  /** How long it lives, in seconds: 900 (15 minutes) by default, at most 86400 (24 hours). */
  ttl?: number | null | undefined;
};

/** Whose portal is opened, and where it leads back to. */
export type CreatePortalSessionInput = {
  /** Whose portal: `pc_…`. A customer token leaves it out, or names its own customer; a key must name one. */
  customerId?: string | null | undefined;
  /** What it is opened for. Null: its first page. */
  flow?: PortalFlowInput | null | undefined;
  /** A text of your own, 1 to 255 printable ASCII characters, new for each call: a UUID, say. Send the same again where an answer was lost: the call is carried out once, and answered the same for at least 24 hours. `CONFLICT` where another call had it, and (`retryable`, with `retryAfter`) while the first one is being carried out. The header `Idempotency-Key` does the same for a request with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** Whose portal it is. */
  kind?: PortalKind;
  /** Where the portal's way back leads: an absolute http(s) URL of an origin among the project's `redirectOrigins`. */
  returnUrl: string;
  /** For kind BILLGRAPH, how long it stays open, in seconds: 3600 (an hour) by default, at most 86400 (24 hours). Stripe decides for its own. */
  ttl?: number | null | undefined;
};

/** How a customer is found: exactly one of these. */
export type CustomerBy =
  {   /** The email address, in any case. */
  email: string; externalId?: never; id?: never; stripeId?: never; }
  |  { email?: never;   /** Your own id of the customer. */
  externalId: string; id?: never; stripeId?: never; }
  |  { email?: never; externalId?: never;   /** Our id: `pc_…`. */
  id: string; stripeId?: never; }
  |  { email?: never; externalId?: never; id?: never;   /** Stripe's id: `cus_…`. */
  stripeId: string; };

/** One thing that the portal is opened for, instead of its first page. */
export type PortalFlowInput = {
  /** The subscription to cancel or change, one of the customer's: `ps_…`. Left out for UPDATE_PAYMENT_METHOD. */
  subscriptionId?: string | null | undefined;
  /** What it is. */
  type: PortalFlowType;
};

/** What the portal is opened for. */
export type PortalFlowType =
  /** To cancel a subscription at the end of its period. */
  | 'CANCEL'
  /** To change a subscription to another of the project's plans or self-service prices. */
  | 'CHANGE_PLAN'
  /** To pay with something else from now on. */
  | 'UPDATE_PAYMENT_METHOD';

/** Whose portal. */
export type PortalKind =
  /** This server's own page, with the project's name and colour. */
  | 'BILLGRAPH'
  /** Stripe's hosted portal, set as the project is. */
  | 'STRIPE';

/** How often a price is charged. */
export type PriceType =
  /** Once. */
  | 'ONE_TIME'
  /** Every interval, by a subscription. */
  | 'RECURRING';

/** Where a subscription stands, as Stripe sees it. */
export type SubscriptionStatus =
  /** In good standing. */
  | 'ACTIVE'
  /** Ended. Final. */
  | 'CANCELED'
  /** The first payment failed or waits for the customer. It ends in ACTIVE, or in INCOMPLETE_EXPIRED after 23 hours. */
  | 'INCOMPLETE'
  /** The first payment never came. Final. */
  | 'INCOMPLETE_EXPIRED'
  /** The latest payment failed, and Stripe is still retrying. */
  | 'PAST_DUE'
  /** The trial ended without a payment method: nothing is billed until it is resumed. */
  | 'PAUSED'
  /** In a trial: full access, nothing to pay yet. */
  | 'TRIALING'
  /** Stripe's status is newer than this server: read `stripeStatus`. */
  | 'UNKNOWN'
  /** Every retry failed: invoices are still made, and nothing is collected. */
  | 'UNPAID';

/** What becomes of a subscription whose trial ends before its customer gave a payment method. */
export type TrialEnd =
  /** It ends. */
  | 'CANCEL'
  /** It is invoiced as any other, and is PAST_DUE until somebody pays. */
  | 'CREATE_INVOICE'
  /** It is PAUSED, without access and without invoices, until it is taken up again. */
  | 'PAUSE';

export type CreateCustomerMutationVariables = Exact<{
  input: CreateCustomerInput;
}>;


export type CreateCustomerMutation = { createCustomer: { customer: { id: string, email: string | null, externalId: string | null, stripeCustomerId: string } } };

export type CreateCheckoutSessionMutationVariables = Exact<{
  input: CreateCheckoutSessionInput;
}>;


export type CreateCheckoutSessionMutation = { createCheckoutSession: { sessionId: string, url: string, expiresAt: string } };

export type CreateCustomerTokenMutationVariables = Exact<{
  input: CreateCustomerTokenInput;
}>;


export type CreateCustomerTokenMutation = { createCustomerToken: { token: string, expiresAt: string } };

export type CustomerSubscriptionsQueryVariables = Exact<{
  by: CustomerBy;
}>;


export type CustomerSubscriptionsQuery = { customer: { id: string, subscriptions: { nodes: Array<{ status: SubscriptionStatus, currentPeriodEnd: string | null, hasAccess: boolean, price: { unitAmount: { amount: string, currency: string } | null, product: { name: string } } | null }> } } | null };

export type PricesQueryVariables = Exact<{ [key: string]: never; }>;


export type PricesQuery = { prices: { nodes: Array<{ id: string, lookupKey: string | null, type: PriceType, unitAmount: { formatted: string } | null, product: { name: string } }> } };

export type CreatePortalSessionMutationVariables = Exact<{
  input: CreatePortalSessionInput;
}>;


export type CreatePortalSessionMutation = { createPortalSession: { url: string, expiresAt: string | null, kind: PortalKind } };

export type CustomerStateChangedSubscriptionVariables = Exact<{
  customerId: string;
  sinceVersion?: string | null | undefined;
}>;


export type CustomerStateChangedSubscription = { customerStateChanged: { version: string, changesAt: string | null, customer: { id: string, name: string | null }, subscriptions: { nodes: Array<{ id: string, status: SubscriptionStatus, hasAccess: boolean, currentPeriodEnd: string | null }> } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const CreateCustomerDocument = new TypedDocumentString(`
    mutation CreateCustomer($input: CreateCustomerInput!) {
  createCustomer(input: $input) {
    customer {
      id
      email
      externalId
      stripeCustomerId
    }
  }
}
    `) as unknown as TypedDocumentString<CreateCustomerMutation, CreateCustomerMutationVariables>;
export const CreateCheckoutSessionDocument = new TypedDocumentString(`
    mutation CreateCheckoutSession($input: CreateCheckoutSessionInput!) {
  createCheckoutSession(input: $input) {
    sessionId
    url
    expiresAt
  }
}
    `) as unknown as TypedDocumentString<CreateCheckoutSessionMutation, CreateCheckoutSessionMutationVariables>;
export const CreateCustomerTokenDocument = new TypedDocumentString(`
    mutation CreateCustomerToken($input: CreateCustomerTokenInput!) {
  createCustomerToken(input: $input) {
    token
    expiresAt
  }
}
    `) as unknown as TypedDocumentString<CreateCustomerTokenMutation, CreateCustomerTokenMutationVariables>;
export const CustomerSubscriptionsDocument = new TypedDocumentString(`
    query CustomerSubscriptions($by: CustomerBy!) {
  customer(by: $by) {
    id
    subscriptions {
      nodes {
        status
        currentPeriodEnd
        hasAccess
        price {
          unitAmount {
            amount
            currency
          }
          product {
            name
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CustomerSubscriptionsQuery, CustomerSubscriptionsQueryVariables>;
export const PricesDocument = new TypedDocumentString(`
    query Prices {
  prices {
    nodes {
      id
      lookupKey
      type
      unitAmount {
        formatted
      }
      product {
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PricesQuery, PricesQueryVariables>;
export const CreatePortalSessionDocument = new TypedDocumentString(`
    mutation CreatePortalSession($input: CreatePortalSessionInput!) {
  createPortalSession(input: $input) {
    url
    expiresAt
    kind
  }
}
    `) as unknown as TypedDocumentString<CreatePortalSessionMutation, CreatePortalSessionMutationVariables>;
export const CustomerStateChangedDocument = new TypedDocumentString(`
    subscription CustomerStateChanged($customerId: ID!, $sinceVersion: BigInt) {
  customerStateChanged(customerId: $customerId, sinceVersion: $sinceVersion) {
    version
    changesAt
    customer {
      id
      name
    }
    subscriptions(first: 10) {
      nodes {
        id
        status
        hasAccess
        currentPeriodEnd
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CustomerStateChangedSubscription, CustomerStateChangedSubscriptionVariables>;