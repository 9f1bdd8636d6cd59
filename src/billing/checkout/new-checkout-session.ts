import type { CheckoutMode } from './checkout-session.entity.ts';

/** What becomes of a subscription whose trial ends before its customer gave a card. */
export type TrialEnd = 'CANCEL' | 'PAUSE' | 'CREATE_INVOICE';

/** Between which the buyer may choose. */
export type AdjustableQuantity = { minimum: number; maximum: number };

export type LineItem = { priceId: string; quantity?: number | null; adjustableQuantity?: AdjustableQuantity | null };

/** What is sold to whom. Of `priceId`, `plan` and `lineItems` one is given, or none: then the project's default plan is bought. */
export type NewCheckoutSession = {
  /** Whether a customer token asks: what the server decides it may not say. */
  bySelfService: boolean;
  customerId?: string | null;
  /** A guest's address, instead of a customer. */
  customerEmail?: string | null;
  mode: CheckoutMode;
  priceId?: string | null;
  /** A plan's name. */
  plan?: string | null;
  quantity?: number | null;
  lineItems?: LineItem[] | null;
  /** In which all of it is sold, where its prices have several. ISO 4217, upper case. */
  currency?: string | null;
  trialDays?: number | null;
  /** Set: no card is asked for. */
  trialWithoutCard?: TrialEnd | null;
  allowPromotionCodes?: boolean | null;
  /** As the customer would type it. */
  promotionCode?: string | null;
  /** Undefined or null: as the project is set. */
  automaticTax?: boolean | null;
  expiresInMinutes?: number | null;
  successUrl: string;
  cancelUrl: string;
  metadata?: Record<string, unknown> | null;
};

/** `sessionId` is Stripe's. */
export type OpenedSession = { sessionId: string; url: string; expiresAt: Date };
