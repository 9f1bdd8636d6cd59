import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import type { DriftReason } from './drift-finding.entity.ts';

export const DriftReasonEnum = enumOf<DriftReason>('DriftReason', "Why a row of ours differed from Stripe's object.", {
  WEBHOOK_MISSING: 'Stripe has an event of it that was never delivered here.',
  WEBHOOK_FAILED: 'Its event was delivered, and could not be applied: see `webhookEvents`.',
  EDITED_IN_STRIPE: 'It is different in Stripe although no event of the last 30 days is missing.',
  DIFFERENT_LIVE_SUBSCRIPTION:
    'The subscription that gives access here has ended in Stripe, and the customer has another live one there, which was brought first.',
  WRONG_MODE:
    "Stripe's object is of the other mode: the secret key does not fit the environment. Nothing is changed here.",
});

@ObjectType('DriftItem', {
  simpleResolvers: true,
  description: "One field in which a row of ours was found to differ from Stripe's object.",
})
export class DriftItemType {
  @Field(() => ID, { description: 'Our id of the finding: `drift_…`.' })
  id!: string;

  @Field(() => String, { description: "Stripe's id of the object: `sub_…`." })
  object!: string;

  @Field(() => String, { description: "The kind of the object, in Stripe's word: `subscription`." })
  objectType!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The field; null where there was no row of the object at all, or Stripe had deleted the object.',
  })
  field!: string | null;

  @Field(() => String, { nullable: true, description: 'What we had, as text; JSON for what is no text.' })
  local!: string | null;

  @Field(() => String, { nullable: true, description: "What follows from Stripe's object, written alike." })
  stripe!: string | null;

  @Field(() => DriftReasonEnum, { description: 'Why.' })
  reason!: DriftReason;

  @Field(() => Date, { description: 'When it was first found.' })
  firstSeenAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When the row equalled Stripe again; null while it does not.' })
  healedAt!: Date | null;
}

export const DriftItemConnection = connectionOf('DriftItem', () => DriftItemType);

@ObjectType('DriftReport', { description: 'How far our rows were compared with Stripe, and what was found.' })
export class DriftReportType {
  connectionId!: string;

  @Field(() => Date, { nullable: true, description: "When Stripe's events were last compared with the inbox." })
  eventsCheckedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: "When Stripe's objects were last compared with our rows." })
  sweptAt!: Date | null;

  @Field(() => Boolean, { description: 'Whether a reconciliation is under way, or waits to be tried again.' })
  isRunning!: boolean;

  @Field(() => String, { nullable: true, description: 'Why it failed last; null where it did not.' })
  lastError!: string | null;

  @Field(() => Int, { description: 'How many items are not healed.' })
  open!: number;
}

@ObjectType('IngestionHealth', {
  simpleResolvers: true,
  description: "How Stripe's events fare on their way to our rows.",
})
export class IngestionHealthType {
  @Field(() => Int, { description: 'The age of the oldest event that is not done, in seconds; 0 where all are.' })
  lagSeconds!: number;

  @Field(() => Int, { description: 'How many events are not done.' })
  backlog!: number;

  @Field(() => Int, { description: 'How many events are dead: their object failed too often.' })
  dead!: number;

  @Field(() => Int, { description: 'How many events belong to no project.' })
  unrouted!: number;

  @Field(() => Date, { nullable: true, description: 'When the last event was stored; null where none ever was.' })
  lastEventAt!: Date | null;

  @Field(() => Boolean, {
    description:
      'Whether Stripe has had events for ten minutes or more of which it delivered none, so that the reconciler had to find them. `/ready` says the same.',
  })
  isDeaf!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      "The API version of the webhook endpoint in Stripe that leads here, as of the last reconciliation; null where there is none, or it has the account's own.",
  })
  endpointApiVersion!: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'What we read and the endpoint does not send, as of the last reconciliation; null where there is no endpoint.',
  })
  missingEventTypes!: string[] | null;
}
