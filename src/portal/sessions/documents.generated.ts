/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Between which the buyer may choose on the page. */
export type AdjustableQuantityInput = {
  /** The most: to 999,999. */
  maximum?: number;
  /** The least: from 1. */
  minimum?: number;
};

/** Which subscription ends, when and why. */
export type CancelSubscriptionInput = {
  /** When it ends. A customer token says `PERIOD_END`, and gets `FORBIDDEN` for anything else. */
  at?: SubscriptionEnd;
  /** With `at: DATE`: when it ends, in the future, to the second. The period that the date falls into is billed as Stripe does, and nothing of the current one is credited. */
  cancelAt?: string | null | undefined;
  /** Why, in the customer's words: at most 500 characters. Kept in Stripe and in the audit log. */
  comment?: string | null | undefined;
  /** Why, as Stripe counts it. */
  feedback?: CancellationFeedback | null | undefined;
  /** A text of your own, 1 to 255 printable ASCII characters, new for each call: a UUID, say. Send the same again where an answer was lost: the call is carried out once, and answered the same for at least 24 hours. `CONFLICT` where another call had it, and (`retryable`, with `retryAfter`) while the first one is being carried out. The header `Idempotency-Key` does the same for a request with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** With `at: NOW`: whether a last invoice collects what is not billed yet (usage, prorations). False by default. */
  invoiceNow?: boolean | null | undefined;
  /** With `at: NOW`: whether the time that was paid for and is not used is credited, to the customer's next invoice, or with `invoiceNow` at once to the customer's balance. Nothing is refunded to a card. False by default. */
  prorate?: boolean | null | undefined;
  /** Our id: `ps_…`. With a customer token, of its own customer. */
  subscriptionId: string;
};

/** Why a customer leaves, in Stripe's words. */
export type CancellationFeedback =
  /** Customer service was less than expected. */
  | 'CUSTOMER_SERVICE'
  /** Quality was less than expected. */
  | 'LOW_QUALITY'
  /** Some features are missing. */
  | 'MISSING_FEATURES'
  /** Another reason. */
  | 'OTHER'
  /** They are switching to a different service. */
  | 'SWITCHED_SERVICE'
  /** It is too hard to use. */
  | 'TOO_COMPLEX'
  /** It is too expensive. */
  | 'TOO_EXPENSIVE'
  /** They do not use it enough. */
  | 'UNUSED';

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

/** Which subscription stays as it is. */
export type DiscardPendingChangeInput = {
  /** A text of your own, 1 to 255 printable ASCII characters, new for each call: a UUID, say. Send the same again where an answer was lost: the call is carried out once, and answered the same for at least 24 hours. `CONFLICT` where another call had it, and (`retryable`, with `retryAfter`) while the first one is being carried out. The header `Idempotency-Key` does the same for a request with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** Our id: `ps_…`. With a customer token, of its own customer. */
  subscriptionId: string;
};

/** Where an invoice stands, as Stripe sees it. */
export type InvoiceStatus =
  /** Not finalized: it may still change, and nobody owes it. */
  | 'DRAFT'
  /** Finalized, and to be paid. */
  | 'OPEN'
  /** Paid. Final. */
  | 'PAID'
  /** Nobody expects it to be paid any more. It can still be. */
  | 'UNCOLLECTIBLE'
  /** Stripe's status is newer than this server: read `stripeStatus`. */
  | 'UNKNOWN'
  /** Issued by mistake: nobody owes it. Final. */
  | 'VOID';

/** A change as updateSubscription takes it. */
export type PreviewSubscriptionChangeInput = {
  /** When. */
  at?: SubscriptionChangeTime;
  /** What changes of a subscription with whichever items: those that are not named stay. At most 20 items are billed together. Not for customer tokens. */
  items?: Array<SubscriptionItemChangeInput> | null | undefined;
  /** The same by the name of one of the plans of the project. Not with `priceId` or `items`. */
  plan?: string | null | undefined;
  /** Of a subscription with one item: what it bills from then on: `pri_…`, active, recurring and in the same currency. A customer token names a plan or self-service price of the project, and gets `FORBIDDEN` for any other. Not with `plan` or `items`. */
  priceId?: string | null | undefined;
  /** With `at: NOW`: what becomes of the rest of the period. `CREATE_PRORATIONS` by default; a customer token is always billed at once, as by `ALWAYS_INVOICE`, and may not say it. */
  prorationBehavior?: ProrationBehavior | null | undefined;
  /** With `at: NOW`: by which time it is prorated, within the current period, to the second. Send what a preview told, and what is billed is what was previewed. Now by default; with a customer token, in LIVE, at most ten minutes ago. */
  prorationDate?: string | null | undefined;
  /** Of a subscription with one item: how many, 1 to 999,999. Without it as many as now. `BAD_USER_INPUT` for a metered price, whose usage is counted. */
  quantity?: number | null | undefined;
  /** Our id: `ps_…`. With a customer token, of its own customer. */
  subscriptionId: string;
};

/** What becomes of the rest of a period in which the price or the quantity changes. A price of another interval begins a new period, and is billed at once whichever it is. */
export type ProrationBehavior =
  /** The same, by an invoice that is made and collected at once. */
  | 'ALWAYS_INVOICE'
  /** What was paid for the rest of the period is credited, and what the rest costs now is charged: with the next invoice. */
  | 'CREATE_PRORATIONS'
  /** Nothing. The new price is billed from the next period on. */
  | 'NONE';

/** The unit of a billing period. */
export type RecurringInterval =
  /** A day. */
  | 'DAY'
  /** A calendar month. */
  | 'MONTH'
  /** A week. */
  | 'WEEK'
  /** A calendar year. */
  | 'YEAR';

/** Which subscription goes on. */
export type ResumeSubscriptionInput = {
  /** A text of your own, 1 to 255 printable ASCII characters, new for each call: a UUID, say. Send the same again where an answer was lost: the call is carried out once, and answered the same for at least 24 hours. `CONFLICT` where another call had it, and (`retryable`, with `retryAfter`) while the first one is being carried out. The header `Idempotency-Key` does the same for a request with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** Our id: `ps_…`. With a customer token, of its own customer. */
  subscriptionId: string;
};

/** What saved the payment method. */
export type SetDefaultPaymentMethodFromCheckoutInput = {
  /** A checkout session of mode SETUP that the customer has finished: Stripe's id, `cs_…`, as `successUrl` gets it, or ours, `pcs_…`. With a customer token, one of its own customer. */
  checkoutSessionId: string;
  /** A text of your own, 1 to 255 printable ASCII characters, new for each call: a UUID, say. Send the same again where an answer was lost: the call is carried out once, and answered the same for at least 24 hours. `CONFLICT` where another call had it, and (`retryable`, with `retryAfter`) while the first one is being carried out. The header `Idempotency-Key` does the same for a request with one mutation. */
  idempotencyKey?: string | null | undefined;
};

/** When a change of a subscription is made. */
export type SubscriptionChangeTime =
  /** At once. */
  | 'NOW'
  /** When the current billing period, or the trial, has ended. Until then nothing changes. */
  | 'PERIOD_END';

/** When a subscription ends. */
export type SubscriptionEnd =
  /** At `cancelAt`. Until then it may be resumed. Backends only. */
  | 'DATE'
  /** At once, with its access. Backends only. */
  | 'NOW'
  /** With the current billing period, or with the trial. Until then it may be resumed. */
  | 'PERIOD_END';

/** One item that changes or goes (`itemId`), or is added (without). */
export type SubscriptionItemChangeInput = {
  /** Which item of the subscription: `psi_…`. Without it, one is added. */
  itemId?: string | null | undefined;
  /** What it bills from then on: `pri_…`, active, recurring, in the currency of the others, and of no other item. Without it, what it bills now. */
  priceId?: string | null | undefined;
  /** How many: 1 to 999,999. Without it as many as now, and 1 of what is added. `BAD_USER_INPUT` for a metered price, whose usage is counted. */
  quantity?: number | null | undefined;
  /** Whether the item goes. A subscription keeps one at least. */
  remove?: boolean | null | undefined;
};

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

/** How tiers are reckoned. */
export type TiersMode =
  /** Each unit costs what the tier says in which it lies. */
  | 'GRADUATED'
  /** All units cost what the tier says in which the last one lies. */
  | 'VOLUME';

/** What becomes of a subscription whose trial ends before its customer gave a payment method. */
export type TrialEnd =
  /** It ends. */
  | 'CANCEL'
  /** It is invoiced as any other, and is PAST_DUE until somebody pays. */
  | 'CREATE_INVOICE'
  /** It is PAUSED, without access and without invoices, until it is taken up again. */
  | 'PAUSE';

/** What a subscription bills from now, or from the next period on. */
export type UpdateSubscriptionInput = {
  /** When. */
  at?: SubscriptionChangeTime;
  /** A text of your own, 1 to 255 printable ASCII characters, new for each call: a UUID, say. Send the same again where an answer was lost: the call is carried out once, and answered the same for at least 24 hours. `CONFLICT` where another call had it, and (`retryable`, with `retryAfter`) while the first one is being carried out. The header `Idempotency-Key` does the same for a request with one mutation. */
  idempotencyKey?: string | null | undefined;
  /** What changes of a subscription with whichever items: those that are not named stay. At most 20 items are billed together. Not for customer tokens. */
  items?: Array<SubscriptionItemChangeInput> | null | undefined;
  /** The same by the name of one of the plans of the project. Not with `priceId` or `items`. */
  plan?: string | null | undefined;
  /** Of a subscription with one item: what it bills from then on: `pri_…`, active, recurring and in the same currency. A customer token names a plan or self-service price of the project, and gets `FORBIDDEN` for any other. Not with `plan` or `items`. */
  priceId?: string | null | undefined;
  /** With `at: NOW`: what becomes of the rest of the period. `CREATE_PRORATIONS` by default; a customer token is always billed at once, as by `ALWAYS_INVOICE`, and may not say it. */
  prorationBehavior?: ProrationBehavior | null | undefined;
  /** With `at: NOW`: by which time it is prorated, within the current period, to the second. Send what a preview told, and what is billed is what was previewed. Now by default; with a customer token, in LIVE, at most ten minutes ago. */
  prorationDate?: string | null | undefined;
  /** Of a subscription with one item: how many, 1 to 999,999. Without it as many as now. `BAD_USER_INPUT` for a metered price, whose usage is counted. */
  quantity?: number | null | undefined;
  /** Our id: `ps_…`. With a customer token, of its own customer. */
  subscriptionId: string;
};

export type PortalHomeQueryVariables = Exact<{
  id: string;
  before?: string | null | undefined;
}>;


export type PortalHomeQuery = { live: { pageInfo: { hasPreviousPage: boolean, startCursor: string | null }, nodes: Array<{ id: string, status: SubscriptionStatus, isTrialing: boolean, currentPeriodEnd: string | null, trialEnd: string | null, cancelAt: string | null, cancelAtPeriodEnd: boolean, endedAt: string | null, pauseBehavior: string | null, pauseResumesAt: string | null, pendingChange: { appliesAt: string, quantity: number | null, price: { currency: string, unitAmountDecimal: string | null, tiersMode: TiersMode | null, tiers: Array<{ upTo: string | null, unitAmountDecimal: string | null, flatAmountDecimal: string | null }>, recurring: { interval: RecurringInterval, intervalCount: number, stripeMeterId: string | null } | null, product: { name: string } } } | null, items: { pageInfo: { hasNextPage: boolean }, nodes: Array<{ quantity: number | null, price: { id: string, currency: string, unitAmountDecimal: string | null, tiersMode: TiersMode | null, tiers: Array<{ upTo: string | null, unitAmountDecimal: string | null, flatAmountDecimal: string | null }>, recurring: { interval: RecurringInterval, intervalCount: number, stripeMeterId: string | null } | null, product: { name: string } } | null }> } }> }, ended: { nodes: Array<{ id: string, status: SubscriptionStatus, isTrialing: boolean, currentPeriodEnd: string | null, trialEnd: string | null, cancelAt: string | null, cancelAtPeriodEnd: boolean, endedAt: string | null, pauseBehavior: string | null, pauseResumesAt: string | null, pendingChange: { appliesAt: string, quantity: number | null, price: { currency: string, unitAmountDecimal: string | null, tiersMode: TiersMode | null, tiers: Array<{ upTo: string | null, unitAmountDecimal: string | null, flatAmountDecimal: string | null }>, recurring: { interval: RecurringInterval, intervalCount: number, stripeMeterId: string | null } | null, product: { name: string } } } | null, items: { pageInfo: { hasNextPage: boolean }, nodes: Array<{ quantity: number | null, price: { id: string, currency: string, unitAmountDecimal: string | null, tiersMode: TiersMode | null, tiers: Array<{ upTo: string | null, unitAmountDecimal: string | null, flatAmountDecimal: string | null }>, recurring: { interval: RecurringInterval, intervalCount: number, stripeMeterId: string | null } | null, product: { name: string } } | null }> } }> }, customer: { name: string | null, email: string | null, defaultPaymentMethod: { id: string, type: string, brand: string | null, last4: string | null, expiryMonth: number | null, expiryYear: number | null } | null, paymentMethods: { nodes: Array<{ id: string, type: string, brand: string | null, last4: string | null, expiryMonth: number | null, expiryYear: number | null }> }, invoices: { pageInfo: { hasPreviousPage: boolean, startCursor: string | null }, nodes: Array<{ number: string | null, status: InvoiceStatus, finalizedAt: string | null, hostedInvoiceUrl: string | null, invoicePdf: string | null, total: { formatted: string } }> } } | null };

export type PortalInvoicesQueryVariables = Exact<{
  id: string;
  before?: string | null | undefined;
}>;


export type PortalInvoicesQuery = { customer: { invoices: { pageInfo: { hasPreviousPage: boolean, startCursor: string | null }, nodes: Array<{ number: string | null, status: InvoiceStatus, finalizedAt: string | null, hostedInvoiceUrl: string | null, invoicePdf: string | null, total: { formatted: string } }> } } | null };

export type PortalSubscriptionQueryVariables = Exact<{
  id: string;
}>;


export type PortalSubscriptionQuery = { subscription: { id: string, status: SubscriptionStatus, isTrialing: boolean, currentPeriodEnd: string | null, trialEnd: string | null, cancelAt: string | null, cancelAtPeriodEnd: boolean, endedAt: string | null, pauseBehavior: string | null, pauseResumesAt: string | null, pendingChange: { appliesAt: string, quantity: number | null, price: { currency: string, unitAmountDecimal: string | null, tiersMode: TiersMode | null, tiers: Array<{ upTo: string | null, unitAmountDecimal: string | null, flatAmountDecimal: string | null }>, recurring: { interval: RecurringInterval, intervalCount: number, stripeMeterId: string | null } | null, product: { name: string } } } | null, items: { pageInfo: { hasNextPage: boolean }, nodes: Array<{ quantity: number | null, price: { id: string, currency: string, unitAmountDecimal: string | null, tiersMode: TiersMode | null, tiers: Array<{ upTo: string | null, unitAmountDecimal: string | null, flatAmountDecimal: string | null }>, recurring: { interval: RecurringInterval, intervalCount: number, stripeMeterId: string | null } | null, product: { name: string } } | null }> } } | null };

export type PortalCancelMutationVariables = Exact<{
  input: CancelSubscriptionInput;
}>;


export type PortalCancelMutation = { cancelSubscription: { subscription: { id: string } } };

export type PortalResumeMutationVariables = Exact<{
  input: ResumeSubscriptionInput;
}>;


export type PortalResumeMutation = { resumeSubscription: { subscription: { id: string } } };

export type PortalCheckoutMutationVariables = Exact<{
  input: CreateCheckoutSessionInput;
}>;


export type PortalCheckoutMutation = { createCheckoutSession: { url: string } };

export type PortalSavedMutationVariables = Exact<{
  input: SetDefaultPaymentMethodFromCheckoutInput;
}>;


export type PortalSavedMutation = { setDefaultPaymentMethodFromCheckout: { customer: { id: string } | null } };

export type PortalKeepPlanMutationVariables = Exact<{
  input: DiscardPendingChangeInput;
}>;


export type PortalKeepPlanMutation = { discardPendingChange: { subscription: { id: string } } };

export type PortalSubscriptionFragment = { id: string, status: SubscriptionStatus, isTrialing: boolean, currentPeriodEnd: string | null, trialEnd: string | null, cancelAt: string | null, cancelAtPeriodEnd: boolean, endedAt: string | null, pauseBehavior: string | null, pauseResumesAt: string | null, pendingChange: { appliesAt: string, quantity: number | null, price: { currency: string, unitAmountDecimal: string | null, tiersMode: TiersMode | null, tiers: Array<{ upTo: string | null, unitAmountDecimal: string | null, flatAmountDecimal: string | null }>, recurring: { interval: RecurringInterval, intervalCount: number, stripeMeterId: string | null } | null, product: { name: string } } } | null, items: { pageInfo: { hasNextPage: boolean }, nodes: Array<{ quantity: number | null, price: { id: string, currency: string, unitAmountDecimal: string | null, tiersMode: TiersMode | null, tiers: Array<{ upTo: string | null, unitAmountDecimal: string | null, flatAmountDecimal: string | null }>, recurring: { interval: RecurringInterval, intervalCount: number, stripeMeterId: string | null } | null, product: { name: string } } | null }> } };

export type PortalPriceFragment = { currency: string, unitAmountDecimal: string | null, tiersMode: TiersMode | null, tiers: Array<{ upTo: string | null, unitAmountDecimal: string | null, flatAmountDecimal: string | null }>, recurring: { interval: RecurringInterval, intervalCount: number, stripeMeterId: string | null } | null, product: { name: string } };

export type PortalPaymentMethodFragment = { id: string, type: string, brand: string | null, last4: string | null, expiryMonth: number | null, expiryYear: number | null };

export type PortalInvoicesFragment = { pageInfo: { hasPreviousPage: boolean, startCursor: string | null }, nodes: Array<{ number: string | null, status: InvoiceStatus, finalizedAt: string | null, hostedInvoiceUrl: string | null, invoicePdf: string | null, total: { formatted: string } }> };

export type PortalPreviewQueryVariables = Exact<{
  input: PreviewSubscriptionChangeInput;
}>;


export type PortalPreviewQuery = { previewSubscriptionChange: { prorationDate: string | null, nextBillingAt: string | null, dueNow: { formatted: string }, invoice: { hasMoreLines: boolean, discount: { amount: string, formatted: string }, tax: { amount: string, formatted: string }, startingBalance: { amount: string, formatted: string }, amountDue: { formatted: string }, lines: Array<{ description: string | null, amount: { formatted: string } }> } | null, nextInvoice: { hasMoreLines: boolean, discount: { amount: string, formatted: string }, tax: { amount: string, formatted: string }, startingBalance: { amount: string, formatted: string }, amountDue: { formatted: string }, lines: Array<{ description: string | null, amount: { formatted: string } }> } | null } | null };

export type PortalChangeMutationVariables = Exact<{
  input: UpdateSubscriptionInput;
}>;


export type PortalChangeMutation = { updateSubscription: { subscription: { id: string } } };

export type PortalPreviewLinesFragment = { hasMoreLines: boolean, discount: { amount: string, formatted: string }, tax: { amount: string, formatted: string }, startingBalance: { amount: string, formatted: string }, amountDue: { formatted: string }, lines: Array<{ description: string | null, amount: { formatted: string } }> };

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
export const PortalPriceFragmentDoc = new TypedDocumentString(`
    fragment PortalPrice on Price {
  currency
  unitAmountDecimal
  tiersMode
  tiers {
    upTo
    unitAmountDecimal
    flatAmountDecimal
  }
  recurring {
    interval
    intervalCount
    stripeMeterId
  }
  product {
    name
  }
}
    `, {"fragmentName":"PortalPrice"}) as unknown as TypedDocumentString<PortalPriceFragment, unknown>;
export const PortalSubscriptionFragmentDoc = new TypedDocumentString(`
    fragment PortalSubscription on Subscription {
  id
  status
  isTrialing
  currentPeriodEnd
  trialEnd
  cancelAt
  cancelAtPeriodEnd
  endedAt
  pauseBehavior
  pauseResumesAt
  pendingChange {
    appliesAt
    quantity
    price {
      ...PortalPrice
    }
  }
  items(first: 5) {
    pageInfo {
      hasNextPage
    }
    nodes {
      quantity
      price {
        id
        ...PortalPrice
      }
    }
  }
}
    fragment PortalPrice on Price {
  currency
  unitAmountDecimal
  tiersMode
  tiers {
    upTo
    unitAmountDecimal
    flatAmountDecimal
  }
  recurring {
    interval
    intervalCount
    stripeMeterId
  }
  product {
    name
  }
}`, {"fragmentName":"PortalSubscription"}) as unknown as TypedDocumentString<PortalSubscriptionFragment, unknown>;
export const PortalPaymentMethodFragmentDoc = new TypedDocumentString(`
    fragment PortalPaymentMethod on PaymentMethod {
  id
  type
  brand
  last4
  expiryMonth
  expiryYear
}
    `, {"fragmentName":"PortalPaymentMethod"}) as unknown as TypedDocumentString<PortalPaymentMethodFragment, unknown>;
export const PortalInvoicesFragmentDoc = new TypedDocumentString(`
    fragment PortalInvoices on InvoiceConnection {
  pageInfo {
    hasPreviousPage
    startCursor
  }
  nodes {
    number
    status
    total {
      formatted
    }
    finalizedAt
    hostedInvoiceUrl
    invoicePdf
  }
}
    `, {"fragmentName":"PortalInvoices"}) as unknown as TypedDocumentString<PortalInvoicesFragment, unknown>;
export const PortalPreviewLinesFragmentDoc = new TypedDocumentString(`
    fragment PortalPreviewLines on InvoicePreview {
  hasMoreLines
  discount {
    amount
    formatted
  }
  tax {
    amount
    formatted
  }
  startingBalance {
    amount
    formatted
  }
  amountDue {
    formatted
  }
  lines {
    description
    amount {
      formatted
    }
  }
}
    `, {"fragmentName":"PortalPreviewLines"}) as unknown as TypedDocumentString<PortalPreviewLinesFragment, unknown>;
export const PortalHomeDocument = new TypedDocumentString(`
    query PortalHome($id: ID!, $before: String) {
  live: subscriptions(
    last: 8
    before: $before
    filter: {status: [INCOMPLETE, TRIALING, ACTIVE, PAST_DUE, UNPAID, PAUSED, UNKNOWN]}
  ) {
    pageInfo {
      hasPreviousPage
      startCursor
    }
    nodes {
      ...PortalSubscription
    }
  }
  ended: subscriptions(last: 3, filter: {status: [CANCELED, INCOMPLETE_EXPIRED]}) {
    nodes {
      ...PortalSubscription
    }
  }
  customer(by: {id: $id}) {
    name
    email
    defaultPaymentMethod {
      ...PortalPaymentMethod
    }
    paymentMethods(last: 10) {
      nodes {
        ...PortalPaymentMethod
      }
    }
    invoices(last: 12) {
      ...PortalInvoices
    }
  }
}
    fragment PortalSubscription on Subscription {
  id
  status
  isTrialing
  currentPeriodEnd
  trialEnd
  cancelAt
  cancelAtPeriodEnd
  endedAt
  pauseBehavior
  pauseResumesAt
  pendingChange {
    appliesAt
    quantity
    price {
      ...PortalPrice
    }
  }
  items(first: 5) {
    pageInfo {
      hasNextPage
    }
    nodes {
      quantity
      price {
        id
        ...PortalPrice
      }
    }
  }
}
fragment PortalPrice on Price {
  currency
  unitAmountDecimal
  tiersMode
  tiers {
    upTo
    unitAmountDecimal
    flatAmountDecimal
  }
  recurring {
    interval
    intervalCount
    stripeMeterId
  }
  product {
    name
  }
}
fragment PortalPaymentMethod on PaymentMethod {
  id
  type
  brand
  last4
  expiryMonth
  expiryYear
}
fragment PortalInvoices on InvoiceConnection {
  pageInfo {
    hasPreviousPage
    startCursor
  }
  nodes {
    number
    status
    total {
      formatted
    }
    finalizedAt
    hostedInvoiceUrl
    invoicePdf
  }
}`) as unknown as TypedDocumentString<PortalHomeQuery, PortalHomeQueryVariables>;
export const PortalInvoicesDocument = new TypedDocumentString(`
    query PortalInvoices($id: ID!, $before: String) {
  customer(by: {id: $id}) {
    invoices(last: 12, before: $before) {
      ...PortalInvoices
    }
  }
}
    fragment PortalInvoices on InvoiceConnection {
  pageInfo {
    hasPreviousPage
    startCursor
  }
  nodes {
    number
    status
    total {
      formatted
    }
    finalizedAt
    hostedInvoiceUrl
    invoicePdf
  }
}`) as unknown as TypedDocumentString<PortalInvoicesQuery, PortalInvoicesQueryVariables>;
export const PortalSubscriptionDocument = new TypedDocumentString(`
    query PortalSubscription($id: ID!) {
  subscription(id: $id) {
    ...PortalSubscription
  }
}
    fragment PortalSubscription on Subscription {
  id
  status
  isTrialing
  currentPeriodEnd
  trialEnd
  cancelAt
  cancelAtPeriodEnd
  endedAt
  pauseBehavior
  pauseResumesAt
  pendingChange {
    appliesAt
    quantity
    price {
      ...PortalPrice
    }
  }
  items(first: 5) {
    pageInfo {
      hasNextPage
    }
    nodes {
      quantity
      price {
        id
        ...PortalPrice
      }
    }
  }
}
fragment PortalPrice on Price {
  currency
  unitAmountDecimal
  tiersMode
  tiers {
    upTo
    unitAmountDecimal
    flatAmountDecimal
  }
  recurring {
    interval
    intervalCount
    stripeMeterId
  }
  product {
    name
  }
}`) as unknown as TypedDocumentString<PortalSubscriptionQuery, PortalSubscriptionQueryVariables>;
export const PortalCancelDocument = new TypedDocumentString(`
    mutation PortalCancel($input: CancelSubscriptionInput!) {
  cancelSubscription(input: $input) {
    subscription {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<PortalCancelMutation, PortalCancelMutationVariables>;
export const PortalResumeDocument = new TypedDocumentString(`
    mutation PortalResume($input: ResumeSubscriptionInput!) {
  resumeSubscription(input: $input) {
    subscription {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<PortalResumeMutation, PortalResumeMutationVariables>;
export const PortalCheckoutDocument = new TypedDocumentString(`
    mutation PortalCheckout($input: CreateCheckoutSessionInput!) {
  createCheckoutSession(input: $input) {
    url
  }
}
    `) as unknown as TypedDocumentString<PortalCheckoutMutation, PortalCheckoutMutationVariables>;
export const PortalSavedDocument = new TypedDocumentString(`
    mutation PortalSaved($input: SetDefaultPaymentMethodFromCheckoutInput!) {
  setDefaultPaymentMethodFromCheckout(input: $input) {
    customer {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<PortalSavedMutation, PortalSavedMutationVariables>;
export const PortalKeepPlanDocument = new TypedDocumentString(`
    mutation PortalKeepPlan($input: DiscardPendingChangeInput!) {
  discardPendingChange(input: $input) {
    subscription {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<PortalKeepPlanMutation, PortalKeepPlanMutationVariables>;
export const PortalPreviewDocument = new TypedDocumentString(`
    query PortalPreview($input: PreviewSubscriptionChangeInput!) {
  previewSubscriptionChange(input: $input) {
    prorationDate
    nextBillingAt
    dueNow {
      formatted
    }
    invoice {
      ...PortalPreviewLines
    }
    nextInvoice {
      ...PortalPreviewLines
    }
  }
}
    fragment PortalPreviewLines on InvoicePreview {
  hasMoreLines
  discount {
    amount
    formatted
  }
  tax {
    amount
    formatted
  }
  startingBalance {
    amount
    formatted
  }
  amountDue {
    formatted
  }
  lines {
    description
    amount {
      formatted
    }
  }
}`) as unknown as TypedDocumentString<PortalPreviewQuery, PortalPreviewQueryVariables>;
export const PortalChangeDocument = new TypedDocumentString(`
    mutation PortalChange($input: UpdateSubscriptionInput!) {
  updateSubscription(input: $input) {
    subscription {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<PortalChangeMutation, PortalChangeMutationVariables>;