import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { enumOf } from '../graphql/enum-of.ts';
import type { LimitChanges, OwnLimitClass, OwnLimits } from './limit-classes.ts';

export const RateLimitClassEnum = enumOf<OwnLimitClass>('RateLimitClass', 'What is counted together.', {
  STATE: '`customer` and `subscription`, a second.',
  CUSTOMER_QUERIES: '`customers`, an hour.',
  CUSTOMER_CREATES: '`createCustomer`, an hour.',
  USAGE: 'The events of `reportUsage`, a second.',
  ANALYTICS: '`analytics` and what else is summed up of a whole project, a minute.',
  READS: 'Every other query, a second.',
  WRITES: 'Every other mutation, and the queries that ask Stripe, a second.',
  CUSTOMERS: 'What the tokens of one customer ask, a minute. Of a team alone.',
  OPERATOR: 'What one operator asks, an hour. Of a team alone.',
  OPERATORS: 'What the operators of a team ask together, an hour. Of a team alone.',
});

@ObjectType('RateLimit', { simpleResolvers: true, description: 'A rate limit that differs from the default.' })
export class RateLimitType {
  @Field(() => RateLimitClassEnum, { description: 'What is counted.' })
  limitClass!: OwnLimitClass;

  @Field(() => Int, {
    description: 'Points in the window of its class: a field costs one, or more where it may answer many objects.',
  })
  points!: number;
}

@InputType('RateLimitInput', { description: 'A rate limit that shall differ from the default.' })
export class RateLimitInput {
  @Field(() => RateLimitClassEnum, { description: 'What is counted.' })
  limitClass!: OwnLimitClass;

  @Field(() => Int, { nullable: true, description: '1 to 1000000000 points; null for the default again.' })
  points?: number | null;
}

/** Own limits as they are seen from outside. */
export const viewRateLimits = (limits: OwnLimits): RateLimitType[] =>
  Object.entries(limits).map(([limitClass, points]) => ({ limitClass: limitClass as OwnLimitClass, points }));

export const limitChangesOf = (inputs: RateLimitInput[] | null | undefined): LimitChanges =>
  Object.fromEntries((inputs ?? []).map(({ limitClass, points }) => [limitClass, points ?? null]));
