import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enum-of.ts';

export type OutgoingDeliveryStatus = 'PENDING' | 'DELIVERED' | 'FAILED';

export const OutgoingDeliveryStatusEnum = enumOf<OutgoingDeliveryStatus>(
  'OutgoingDeliveryStatus',
  'What became of a message on its way to an endpoint.',
  {
    PENDING: 'It is tried, or waits for its next try.',
    DELIVERED: 'The endpoint took it: it answered 2xx.',
    FAILED: 'It is given up: eight tries failed, the endpoint answered 410, or is disabled. Replay it.',
  },
);

@ObjectType('OutgoingMessage', {
  simpleResolvers: true,
  description: 'Something that the endpoints of a project are told. Kept for thirty days.',
})
export class OutgoingMessageType {
  @Field(() => ID, { description: 'Our id, `msg_…`: the `webhook-id` of each of its deliveries.' })
  id!: string;

  @Field(() => String, { description: 'What happened: `invoice.paid`.' })
  type!: string;

  @Field(() => ID, { nullable: true, description: 'Whom it is about: `pc_…`; null where it is about nobody.' })
  customerId!: string | null;

  @Field(() => String, { description: 'What is posted, as JSON text: `type`, `timestamp` and `data`.' })
  body!: string;

  @Field(() => Date, { description: "When it happened, by Stripe's clock where it happened there." })
  occurredAt!: Date;

  @Field(() => Date, { description: 'When it was written.' })
  createdAt!: Date;
}

@ObjectType('OutgoingDelivery', {
  simpleResolvers: true,
  description: 'A message on its way to one endpoint. Kept for thirty days.',
})
export class OutgoingDeliveryType {
  @Field(() => ID, { description: 'Our id: `odl_…`.' })
  id!: string;

  @Field(() => ID, { description: 'What is sent: `msg_…`.' })
  messageId!: string;

  @Field(() => ID, { description: 'Where to: `oep_…`, which may be deleted.' })
  endpointId!: string;

  @Field(() => String, { description: "The message's type." })
  type!: string;

  @Field(() => OutgoingDeliveryStatusEnum, { description: 'What became of it.' })
  status!: OutgoingDeliveryStatus;

  @Field(() => Int, { description: 'Tries so far, the one under way too; a replay begins again at 0.' })
  attempts!: number;

  @Field(() => Date, { nullable: true, description: 'When it is tried next; null where it is done.' })
  nextAttemptAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was tried last; null where it was not yet.' })
  lastAttemptAt!: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The HTTP status that the last try was answered; null where nothing was.',
  })
  lastStatus!: number | null;

  @Field(() => String, { nullable: true, description: 'The first 1,024 bytes of what the last try was answered.' })
  lastBody!: string | null;

  @Field(() => String, { nullable: true, description: 'Why the last try failed; null where it did not.' })
  lastError!: string | null;

  @Field(() => Date, { nullable: true, description: 'When the endpoint took it; null where it did not.' })
  deliveredAt!: Date | null;

  @Field(() => Date, { description: 'When it began.' })
  createdAt!: Date;
}

@InputType('OutgoingMessageFilter', { description: 'Which messages: those that all of these admit.' })
export class OutgoingMessageFilter {
  @Field(() => [String], { nullable: true, description: 'Of one of these types: `invoice.paid`.' })
  type?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'About a customer: `pc_…`.' })
  customerId?: string | null;

  @Field(() => Date, { nullable: true, description: 'Written at this instant or later.' })
  createdAfter?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Written before this instant.' })
  createdBefore?: Date | null;
}

@InputType('OutgoingDeliveryFilter', { description: 'Which deliveries: those that all of these admit.' })
export class OutgoingDeliveryFilter {
  @Field(() => [OutgoingDeliveryStatusEnum], { nullable: true, description: 'With one of these statuses.' })
  status?: OutgoingDeliveryStatus[] | null;

  @Field(() => ID, { nullable: true, description: 'To an endpoint: `oep_…`.' })
  endpointId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of a message: `msg_…`.' })
  messageId?: string | null;

  @Field(() => [String], { nullable: true, description: 'Of messages of one of these types: `invoice.paid`.' })
  type?: string[] | null;

  @Field(() => Date, { nullable: true, description: 'Begun at this instant or later.' })
  createdAfter?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Begun before this instant.' })
  createdBefore?: Date | null;
}

export const OutgoingMessageConnection = connectionOf('OutgoingMessage', () => OutgoingMessageType);
export const OutgoingDeliveryConnection = connectionOf('OutgoingDelivery', () => OutgoingDeliveryType);
