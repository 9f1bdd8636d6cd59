import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enum-of.ts';

export type WebhookEventStatus = 'PENDING' | 'APPLIED' | 'IGNORED' | 'UNROUTED' | 'DEAD';

export const WebhookEventStatusEnum = enumOf<WebhookEventStatus>(
  'WebhookEventStatus',
  'What became of an event of Stripe.',
  {
    PENDING: 'Stored; its object is still to be brought to our rows, or failed and is tried again.',
    APPLIED: "Our row is as Stripe's object was then, or newer.",
    IGNORED: 'There is nothing to keep of it.',
    UNROUTED: 'Its customer, or a guest, belongs to no project: see `assignStripeCustomer` and `assignStripePayment`.',
    DEAD: 'Its object failed too often. It rests until it is replayed, or a new event of the object comes.',
  },
);

@ObjectType('WebhookEvent', {
  simpleResolvers: true,
  description: 'An event that Stripe sent, as the inbox keeps it for at least 30 days.',
})
export class WebhookEventType {
  @Field(() => ID, { description: "Stripe's id: `evt_…`." })
  id!: string;

  @Field(() => String, { description: "Stripe's word for what happened: `invoice.paid`." })
  type!: string;

  @Field(() => WebhookEventStatusEnum, { description: 'What became of it.' })
  status!: WebhookEventStatus;

  @Field(() => String, { nullable: true, description: "The kind of its object, in Stripe's word: `subscription`." })
  objectType!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Stripe's id of the object it speaks of: `sub_…`. Null where it names none.",
  })
  objectId!: string | null;

  @Field(() => String, { nullable: true, description: 'The API version in which Stripe wrote it.' })
  apiVersion!: string | null;

  @Field(() => Boolean, {
    description: 'Whether it was found in Stripe by the reconciler: its delivery had not come.',
  })
  recovered!: boolean;

  @Field(() => Int, {
    description: 'How often its object was tried since that last succeeded. 0 for an event that is done.',
  })
  attempts!: number;

  @Field(() => String, { nullable: true, description: 'Why its object failed last, while it waits or is dead.' })
  lastError!: string | null;

  @Field(() => Int, {
    description:
      'Milliseconds from its arrival until it was done, or until now. A replay counts from the first arrival. At most 2147483647.',
  })
  lagMilliseconds!: number;

  @Field(() => String, {
    nullable: true,
    description: 'The event exactly as Stripe sent it, as JSON text. It may hold personal data of customers.',
  })
  payload!: string | null;

  @Field(() => Date, { description: 'When it happened in Stripe, in whole seconds; clock time for a test clock.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When it was stored here.' })
  receivedAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it was done; null while it is pending.' })
  doneAt!: Date | null;
}

@InputType('WebhookEventFilter', { description: 'Which events: those for which everything that is given holds.' })
export class WebhookEventFilter {
  @Field(() => [WebhookEventStatusEnum], { nullable: true, description: 'With one of these statuses.' })
  status?: WebhookEventStatus[] | null;

  @Field(() => [String], { nullable: true, description: 'Of one of these types: `invoice.paid`.' })
  type?: string[] | null;

  @Field(() => String, { nullable: true, description: "About the object with this id of Stripe's: `sub_…`." })
  objectId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether its object failed last, and waits or is dead.' })
  failing?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the reconciler found it.' })
  recovered?: boolean | null;

  @Field(() => Date, { nullable: true, description: 'Stored here at this instant or later.' })
  receivedAfter?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Stored here before this instant.' })
  receivedBefore?: Date | null;
}

export const WebhookEventConnection = connectionOf('WebhookEvent', () => WebhookEventType);
