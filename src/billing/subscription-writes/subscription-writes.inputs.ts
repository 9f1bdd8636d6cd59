import { Field, ID, InputType } from 'type-graphql';
import { MutationInput } from '../../graphql/mutation-input.ts';
import {
  type CancellationFeedback,
  CancellationFeedbackEnum,
  type SubscriptionEnd,
  SubscriptionEndEnum,
} from './cancellation.type.ts';
import { type PauseBehavior, PauseBehaviorEnum } from './pause-behavior.type.ts';

@InputType()
export abstract class OneSubscriptionInput extends MutationInput {
  @Field(() => ID, { description: 'Our id: `ps_…`. With a customer token, of its own customer.' })
  subscriptionId!: string;
}

@InputType('CancelSubscriptionInput', { description: 'Which subscription ends, when and why.' })
export class CancelSubscriptionInput extends OneSubscriptionInput {
  @Field(() => SubscriptionEndEnum, {
    defaultValue: 'PERIOD_END',
    description: 'When it ends. A customer token says `PERIOD_END`, and gets `FORBIDDEN` for anything else.',
  })
  at!: SubscriptionEnd;

  @Field(() => Date, {
    nullable: true,
    description:
      'With `at: DATE`: when it ends, in the future, to the second. The period that the date falls into is billed as Stripe does, and nothing of the current one is credited.',
  })
  cancelAt?: Date | null;

  @Field(() => CancellationFeedbackEnum, { nullable: true, description: 'Why, as Stripe counts it.' })
  feedback?: CancellationFeedback | null;

  @Field(() => String, {
    nullable: true,
    description: "Why, in the customer's words: at most 500 characters. Kept in Stripe and in the audit log.",
  })
  comment?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "With `at: NOW`: whether the time that was paid for and is not used is credited, to the customer's next invoice, or with `invoiceNow` at once to the customer's balance. Nothing is refunded to a card. False by default.",
  })
  prorate?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'With `at: NOW`: whether a last invoice collects what is not billed yet (usage, prorations). False by default.',
  })
  invoiceNow?: boolean | null;
}

@InputType('ResumeSubscriptionInput', { description: 'Which subscription goes on.' })
export class ResumeSubscriptionInput extends OneSubscriptionInput {}

@InputType('PauseCollectionInput', { description: 'What is not collected, and until when.' })
export class PauseCollectionInput extends OneSubscriptionInput {
  @Field(() => PauseBehaviorEnum, { description: 'What becomes of the invoices of the time.' })
  behavior!: PauseBehavior;

  @Field(() => Date, {
    nullable: true,
    description:
      'When the collection goes on by itself, in the future, to the second. Without it, when somebody resumes it.',
  })
  resumesAt?: Date | null;
}

@InputType('ResumeCollectionInput', { description: 'What is collected again.' })
export class ResumeCollectionInput extends OneSubscriptionInput {}
