import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Info,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { type Connection, ConnectionArgs } from '../../graphql/connection.ts';
import { type GraphContext, type MutationContext, sideOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { deleteExchangeRate } from './delete-exchange-rate.ts';
import { ExchangeRate } from './exchange-rate.entity.ts';
import { DeleteExchangeRateInput, SetExchangeRateInput } from './exchange-rate.inputs.ts';
import { ExchangeRateConnection, ExchangeRateType } from './exchange-rate.type.ts';
import { setExchangeRate } from './set-exchange-rate.ts';

@ObjectType('SetExchangeRatePayload', { description: 'What setExchangeRate answers.' })
export class SetExchangeRatePayload {
  exchangeRateId!: string;
}

@ObjectType('DeleteExchangeRatePayload', { simpleResolvers: true, description: 'What deleteExchangeRate answers.' })
export class DeleteExchangeRatePayload {
  @Field(() => ID, { description: 'The rate that is gone.' })
  exchangeRateId!: string;
}

@Resolver()
export class ExchangeRateResolver {
  @Query(() => ExchangeRateConnection, {
    description: 'The rates that analytics are converted by (`convertTo`), of all pairs and days.',
  })
  @RequiresScopes('analytics:read')
  exchangeRates(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<ExchangeRateType>> {
    return read.connection(ExchangeRate, page, info);
  }

  @Mutation(() => SetExchangeRatePayload, {
    description:
      'Says what a currency is worth in another, from a day on. Analytics are converted by nothing else. `BAD_USER_INPUT` with the field.',
  })
  @RequiresScopes('analytics:write')
  async setExchangeRate(
    @Arg('input', () => SetExchangeRateInput, { description: 'The rate.' }) input: SetExchangeRateInput,
    @Ctx() context: MutationContext,
  ): Promise<SetExchangeRatePayload> {
    const side = await sideOf(context);
    const work = context.operation.write((em, note) => setExchangeRate({ em, note }, side, input));
    return { exchangeRateId: await work };
  }

  @Mutation(() => DeleteExchangeRatePayload, {
    description: 'Takes a rate back: from its day on, the one of the pair before it holds again, or none. `NOT_FOUND`.',
  })
  @RequiresScopes('analytics:write')
  async deleteExchangeRate(
    @Arg('input', () => DeleteExchangeRateInput, { description: 'Which one.' }) input: DeleteExchangeRateInput,
    @Ctx() context: MutationContext,
  ): Promise<DeleteExchangeRatePayload> {
    const side = await sideOf(context);
    const work = context.operation.write((em) => deleteExchangeRate({ em }, side, input.exchangeRateId));
    return { exchangeRateId: await work };
  }
}

@Resolver(() => SetExchangeRatePayload)
export class SetExchangeRatePayloadResolver {
  @FieldResolver(() => ExchangeRateType, {
    nullable: true,
    description: 'The rate as it is now. Null where the call is repeated, and the rate was deleted since.',
  })
  exchangeRate(
    @Root() { exchangeRateId }: SetExchangeRatePayload,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(ExchangeRate, { id: exchangeRateId }, info);
  }
}
