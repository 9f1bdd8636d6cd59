import { Field, ID, InputType, Int } from 'type-graphql';
import { enumOf } from '../../graphql/enum-of.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { CurrencyCodeScalar, MetadataScalar } from '../../graphql/scalars.ts';
import type { CheckoutMode } from './checkout-session.entity.ts';
import { CheckoutModeEnum } from './checkout-session.type.ts';
import type { TrialEnd } from './new-checkout-session.ts';

const TrialEndEnum = enumOf<TrialEnd>(
  'TrialEnd',
  'What becomes of a subscription whose trial ends before its customer gave a payment method.',
  {
    CANCEL: 'It ends.',
    PAUSE: 'It is PAUSED, without access and without invoices, until it is taken up again.',
    CREATE_INVOICE: 'It is invoiced as any other, and is PAST_DUE until somebody pays.',
  },
);

@InputType('AdjustableQuantityInput', { description: 'Between which the buyer may choose on the page.' })
export class AdjustableQuantityInput {
  @Field(() => Int, { defaultValue: 1, description: 'The least: from 1.' })
  minimum!: number;

  @Field(() => Int, { defaultValue: 99, description: 'The most: to 999,999.' })
  maximum!: number;
}

@InputType('CheckoutLineItemInput', { description: 'A price, and how many of it.' })
export class CheckoutLineItemInput {
  @Field(() => ID, {
    description: 'What is bought: `pri_…`, active. Each price in one line item; a customer token as with `priceId`.',
  })
  priceId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'How many: 1 to 999,999; 1 by default. A metered price has none: what is used is charged.',
  })
  quantity?: number | null;

  @Field(() => AdjustableQuantityInput, {
    nullable: true,
    description: 'Lets the buyer change the quantity. Left out, he cannot.',
  })
  adjustableQuantity?: AdjustableQuantityInput | null;
}

@InputType('CreateCheckoutSessionInput', { description: 'What is sold to whom, and where the buyer goes afterwards.' })
export class CreateCheckoutSessionInput extends MutationInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'Who buys: `pc_…`. A customer token leaves it out, or names its own customer; a key names one, or a guest by `customerEmail`.',
  })
  customerId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A guest buys, who has this email address; not in mode SETUP. When the guest has paid there is a customer with it, and the purchase is his. Where a customer of the project has the address already, the session is for him; `CONFLICT` if payment methods are saved for him, which the page may offer to whoever opens it: let him sign in, and name him by `customerId`.',
  })
  customerEmail?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'What is bought: `pri_…`, active, recurring in mode SUBSCRIPTION and one-time in mode PAYMENT. A customer token may name the prices of plans, and those that are published for self-service, and gets `FORBIDDEN` for any other.',
  })
  priceId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "What is bought, by the name of one of the project's plans, instead of a price. Without price, plan and line items the project's default plan is bought.",
  })
  plan?: string | null;

  @Field(() => [CheckoutLineItemInput], {
    nullable: true,
    description:
      'What is bought, where it is several prices with a currency in common, instead of price, plan and quantity: 1 to 100. In mode SUBSCRIPTION at most 20 recurring ones, of one interval, and at most 20 that are charged once, with the first invoice; in mode PAYMENT one-time prices only.',
  })
  lineItems?: CheckoutLineItemInput[] | null;

  @Field(() => CurrencyCodeScalar, {
    nullable: true,
    description:
      "In which currency it is paid, where prices have several: one that all of them have, or `BAD_USER_INPUT`. Without it Stripe chooses where the prices' own currency is the same; where it is not, it is the first that they share, as the first price has them. Not in mode SETUP.",
  })
  currency?: string | null;

  @Field(() => CheckoutModeEnum, { defaultValue: 'SUBSCRIPTION', description: 'What the session is for.' })
  mode!: CheckoutMode;

  @Field(() => Int, {
    nullable: true,
    description: 'How many: 1 to 999,999; 1 by default. A metered price has none: what is used is charged.',
  })
  quantity?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Days before the first payment: 1 to 730. Mode SUBSCRIPTION only. `FORBIDDEN` for a customer token, as are `trialWithoutCard`, `promotionCode`, `allowPromotionCodes`, `automaticTax`, `currency` and `customerEmail`: the server decides them.',
  })
  trialDays?: number | null;

  @Field(() => TrialEndEnum, {
    nullable: true,
    description: 'The trial needs no payment method, and this becomes of it without one. Only with `trialDays`.',
  })
  trialWithoutCard?: TrialEnd | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the buyer may type a promotion code on the page: any of the Stripe account. Not with `promotionCode`.',
  })
  allowPromotionCodes?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A promotion code of the Stripe account, as a customer would type it, that lowers the price. `NOT_FOUND` where there is none, or only for other customers; `BAD_USER_INPUT` where it has expired or was used up.',
  })
  promotionCode?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Whether Stripe computes taxes and adds them; the page then asks for the billing address. By default as the project's `automaticTax` says.",
  })
  automaticTax?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'For how many minutes the page takes payments: 30 to 1,440; a day by default.',
  })
  expiresInMinutes?: number | null;

  @Field(() => String, {
    description:
      "An absolute http(s) URL for the buyer who paid. `{CHECKOUT_SESSION_ID}` in it becomes the session's id.",
  })
  successUrl!: string;

  @Field(() => String, { description: 'An absolute http(s) URL for the buyer who turned back.' })
  cancelUrl!: string;

  @Field(() => MetadataScalar, {
    nullable: true,
    description:
      'Your own notes on the session and on what comes of it (the subscription or payment): at most 40 keys.',
  })
  metadata?: Record<string, string> | null;
}

@InputType('ExpireCheckoutSessionInput', { description: 'Which session to close.' })
export class ExpireCheckoutSessionInput extends MutationInput {
  @Field(() => ID, {
    description:
      "The session: `pcs_…`, or Stripe's `cs_…`. `NOT_FOUND` where you have none of this id; a customer token has its own customer's.",
  })
  checkoutSessionId!: string;
}
