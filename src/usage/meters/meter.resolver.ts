import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Directive, Field, ID, Info, InputType, Query, Resolver } from 'type-graphql';
import { badInput } from '../../errors.ts';
import { type Connection, ConnectionArgs } from '../../graphql/connection.ts';
import type { GraphContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import type { Match } from '../../reader/look-up.ts';
import { Meter } from './meter.entity.ts';
import { MeterConnection, MeterType } from './meter.type.ts';

@InputType('MeterBy', { description: 'How a meter is found: exactly one of these.' })
@Directive('@oneOf')
export class MeterBy {
  @Field(() => ID, { nullable: true, description: 'Our id: `met_…`.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'The name that you report by: `api_calls`.' })
  eventName?: string | null;
}

@InputType('MeterFilter', { description: 'Which meters.' })
export class MeterFilter {
  @Field(() => Boolean, {
    nullable: true,
    description: 'True for those that are archived alone. Those that take events where it is false or left out.',
  })
  archived?: boolean | null;
}

const archived: Match = { name: 'archived', sql: (meter) => `${meter}.archived_at is not null`, values: [] };
const active: Match = { name: 'active', sql: (meter) => `${meter}.archived_at is null`, values: [] };

@Resolver()
export class MeterResolver {
  @Query(() => MeterType, { nullable: true, description: 'One meter, archived or not; null where there is none.' })
  @RequiresScopes('meters:read')
  meter(
    @Arg('by', () => MeterBy, { description: 'Which one.' }) by: MeterBy,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(Meter, meterWhere(by), info);
  }

  @Query(() => MeterConnection, { description: 'The meters of the project and environment.' })
  @RequiresScopes('meters:read')
  meters(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => MeterFilter, {
      nullable: true,
      description: 'Which meters; those that take events where it is left out.',
    })
    filter: MeterFilter | null,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<MeterType>> {
    return read.connection(Meter, page, info, { matches: [filter?.archived ? archived : active] });
  }
}

function meterWhere({ id, eventName }: MeterBy) {
  if (id != null) return { id };
  if (eventName != null) return { eventName };
  throw badInput('Give one of id and eventName, and not null.', 'by');
}
