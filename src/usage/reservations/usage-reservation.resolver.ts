import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Field, FieldResolver, Info, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { type GraphContext, type MutationContext, sideOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { DecimalScalar } from '../../graphql/scalars.ts';
import { commitUsage } from './commit-usage.ts';
import { releaseUsage } from './release-usage.ts';
import { reserveUsage, type Standing } from './reserve-usage.ts';
import { UsageReservation } from './usage-reservation.entity.ts';
import { CommitUsageInput, ReleaseUsageInput, ReserveUsageInput } from './usage-reservation.inputs.ts';
import { UsageReservationType } from './usage-reservation.type.ts';

/** What a mutation leaves: its reservation is read after the commit. */
abstract class ReservationPayload {
  reservationId!: string;
}

@ObjectType('ReserveUsagePayload', { description: 'What reserveUsage answers.' })
export class ReserveUsagePayload extends ReservationPayload implements Standing {
  @Field(() => DecimalScalar, { nullable: true, description: 'The limit of the feature. Null for without a limit.' })
  limit!: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'What is left of it, without what this call holds. Null for without a limit.',
  })
  remaining!: string | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When usage is counted anew: the end of the billing period.',
  })
  resetsAt!: Date | null;
}

@ObjectType('CommitUsagePayload', { description: 'What commitUsage answers.' })
export class CommitUsagePayload extends ReservationPayload {}

@ObjectType('ReleaseUsagePayload', { description: 'What releaseUsage answers.' })
export class ReleaseUsagePayload extends ReservationPayload {}

@Resolver()
export class UsageReservationResolver {
  @Mutation(() => ReserveUsagePayload, {
    description:
      'Holds an amount of a feature for a customer, where what was used and what is held leave room for it: calls at the same time never pass the limit together. `LIMIT_REACHED` with `resetsAt` where they do not, or where the customer has nothing of the feature; `NOT_FOUND` for the customer and the feature; `CONFLICT` where the feature or its meter is archived; `BAD_USER_INPUT` with the field.',
  })
  @RequiresScopes('usage:write')
  async reserveUsage(
    @Arg('input', () => ReserveUsageInput, { description: 'What is about to be used.' }) input: ReserveUsageInput,
    @Ctx() context: MutationContext,
  ): Promise<ReserveUsagePayload> {
    const side = await sideOf(context);
    const { operation, principal } = context;
    return operation.write((em) => reserveUsage({ em }, side, principal, input));
  }

  @Mutation(() => CommitUsagePayload, {
    description:
      'Turns what is held into usage as of now: the event has the id of the reservation for its identifier. `NOT_FOUND`; `BAD_USER_INPUT` for more than is held; `CONFLICT` where the reservation was released or has expired, or was committed with another amount. Once committed, the same call is answered alike.',
  })
  @RequiresScopes('usage:write')
  async commitUsage(
    @Arg('input', () => CommitUsageInput, { description: 'What was used.' }) input: CommitUsageInput,
    @Ctx() context: MutationContext,
  ): Promise<ReservationPayload> {
    const side = await sideOf(context);
    const { operation, principal } = context;
    const { id } = await operation.write((em) => commitUsage({ em }, side, principal, input));
    return { reservationId: id };
  }

  @Mutation(() => ReleaseUsagePayload, {
    description:
      'Gives free what is held. `NOT_FOUND`; `CONFLICT` where it was committed. One that was released, or has expired, is answered as it is.',
  })
  @RequiresScopes('usage:write')
  async releaseUsage(
    @Arg('input', () => ReleaseUsageInput, { description: 'Which one.' }) input: ReleaseUsageInput,
    @Ctx() context: MutationContext,
  ): Promise<ReservationPayload> {
    const side = await sideOf(context);
    const { id } = await context.operation.write((em) => releaseUsage({ em }, side, input));
    return { reservationId: id };
  }
}

const leaves = (payload: new () => ReservationPayload, description: string): (new () => object) => {
  @Resolver(() => payload)
  class PayloadResolver {
    @FieldResolver(() => UsageReservationType, { description })
    reservation(
      @Root() { reservationId }: ReservationPayload,
      @Ctx() { read }: GraphContext,
      @Info() info: GraphQLResolveInfo,
    ) {
      return read.one(UsageReservation, { id: reservationId }, info);
    }
  }
  return PayloadResolver;
};

export const reservationPayloadResolvers = [
  leaves(ReserveUsagePayload, 'The new reservation.'),
  leaves(CommitUsagePayload, 'The reservation as it is now.'),
  leaves(ReleaseUsagePayload, 'The reservation as it is now.'),
] as const;
