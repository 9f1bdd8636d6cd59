import { Field, ID, Int, ObjectType } from 'type-graphql';
import { type Connection, ConnectionField, connectionOf } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import type { BackfillObject } from '../listings/backfill-objects.ts';
import type { BackfillState } from './backfill.entity.ts';

export const BackfillObjectEnum = enumOf<BackfillObject>('BackfillObject', 'A kind of objects of Stripe.', {
  CUSTOMERS: 'Customers, those under test clocks as well.',
  PRODUCTS: 'Products, active or not.',
  PRICES: 'Prices, active or not.',
  SUBSCRIPTIONS: 'Subscriptions of every status.',
  INVOICES: 'Invoices of every status, with their lines.',
  PAYMENT_METHODS: 'The payment methods that customers have.',
  PAYMENTS: 'Payments of every status, those of guests as well.',
  INVOICE_PAYMENTS: 'Which payment pays which invoice.',
  CHARGES: 'Charges: every attempt to pay, with what was refunded.',
  DISPUTES: 'Disputes of charges, open or closed.',
});

const BackfillStateEnum = enumOf<BackfillState>('BackfillState', 'How far a backfill is.', {
  RUNNING: 'It goes on, page by page, also after a restart.',
  COMPLETED: 'Everything was listed. What could not be brought stands in `failures`.',
  FAILED: 'It was given up: see `error`. Start another one when the cause is gone; what was brought stays.',
});

@ObjectType('BackfillProgress', { simpleResolvers: true, description: 'What became of one kind of objects so far.' })
export class BackfillProgressType {
  @Field(() => BackfillObjectEnum, { description: 'The kind.' })
  object!: BackfillObject;

  @Field(() => Int, { description: 'How many Stripe has listed.' })
  seen!: number;

  @Field(() => Int, { description: 'How many are rows here now.' })
  applied!: number;

  @Field(() => Int, {
    description: 'How many were left out: `assign` names no project for them, or their customer is deleted.',
  })
  skipped!: number;

  @Field(() => Int, { description: 'How many could not be brought: see `failures`.' })
  failed!: number;

  @Field(() => Boolean, { description: 'Whether all of them were listed.' })
  isDone!: boolean;
}

@ObjectType('BackfillFailure', { simpleResolvers: true, description: 'An object that could not be brought.' })
export class BackfillFailureType {
  @Field(() => BackfillObjectEnum, { description: 'Its kind.' })
  object!: BackfillObject;

  @Field(() => ID, { description: "Stripe's id of it." })
  stripeId!: string;

  @Field(() => String, { description: 'Why.' })
  reason!: string;

  @Field(() => Date, { description: 'When it was tried.' })
  createdAt!: Date;
}

export const BackfillFailureConnection = connectionOf('BackfillFailure', () => BackfillFailureType);

@ObjectType('Backfill', {
  simpleResolvers: true,
  description: 'Brings what a Stripe account holds already to the rows of this server.',
})
export class BackfillType {
  @Field(() => ID, { description: 'Our id: `bf_…`.' })
  id!: string;

  @Field(() => BackfillStateEnum, { description: 'How far it is.' })
  state!: BackfillState;

  @Field(() => [BackfillObjectEnum], { description: 'What it brings, in this order.' })
  objects!: BackfillObject[];

  @Field(() => Date, { nullable: true, description: 'Only what Stripe created after this instant; null for all.' })
  createdAfter!: Date | null;

  @Field(() => [BackfillProgressType], { description: 'How far it is with each kind, in the same order.' })
  progress!: BackfillProgressType[];

  @Field(() => String, {
    nullable: true,
    description: 'Why it failed; while it runs, why its last try did, which is repeated. Null where all is well.',
  })
  error!: string | null;

  @ConnectionField(() => BackfillFailureConnection, { description: 'The objects that could not be brought.' })
  failures!: Connection<BackfillFailureType>;

  @Field(() => Date, { description: 'When it was started.' })
  startedAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it ended; null while it runs.' })
  finishedAt!: Date | null;
}

export const BackfillConnection = connectionOf('Backfill', () => BackfillType);
