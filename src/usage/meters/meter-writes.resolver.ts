import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { badInput } from '../../errors.ts';
import { type GraphContext, type MutationContext, tenantOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { createMeter } from './create-meter.ts';
import { Meter } from './meter.entity.ts';
import { ArchiveMeterInput, CreateMeterInput, ReactivateMeterInput, UpdateMeterInput } from './meter.inputs.ts';
import { MeterType } from './meter.type.ts';
import { takeMeterIn } from './take-meter-in.ts';
import { archiveMeter, reactivateMeter, updateMeter } from './update-meter.ts';

/** What a mutation leaves: its field is read after the commit. */
abstract class MeterPayload {
  meterId!: string;
}

@ObjectType('CreateMeterPayload', { description: 'What createMeter answers.' })
export class CreateMeterPayload extends MeterPayload {}

@ObjectType('UpdateMeterPayload', { description: 'What updateMeter answers.' })
export class UpdateMeterPayload extends MeterPayload {}

@ObjectType('ArchiveMeterPayload', { description: 'What archiveMeter answers.' })
export class ArchiveMeterPayload extends MeterPayload {}

@ObjectType('ReactivateMeterPayload', { description: 'What reactivateMeter answers.' })
export class ReactivateMeterPayload extends MeterPayload {}

@Resolver()
export class MeterWritesResolver {
  @Mutation(() => CreateMeterPayload, {
    description:
      'Makes a meter, here and in Stripe, or takes one in that Stripe has already (`stripeMeterId`). `BAD_USER_INPUT` with the field; `CONFLICT` where the event name or the meter is taken; `STRIPE_ERROR`.',
  })
  @RequiresScopes('meters:write')
  async createMeter(
    @Arg('input', () => CreateMeterInput, { description: 'The meter.' })
    { displayName, stripeMeterId, ...input }: CreateMeterInput,
    @Ctx() context: MutationContext,
  ): Promise<CreateMeterPayload> {
    const [tools, tenant] = await toolsOf(context);
    if (stripeMeterId != null)
      return { meterId: await takeMeterIn(tools, tenant, { ...input, displayName, stripeMeterId }) };
    if (displayName == null) throw badInput('A new meter needs a name.', 'displayName');
    return { meterId: await createMeter(tools, tenant, { ...input, displayName }) };
  }

  @Mutation(() => UpdateMeterPayload, {
    description:
      'Changes what a meter is called, here and in Stripe, and its unit, here. `BAD_USER_INPUT` with the field; `NOT_FOUND`; `STRIPE_ERROR`.',
  })
  @RequiresScopes('meters:write')
  async updateMeter(
    @Arg('input', () => UpdateMeterInput, { description: 'What changes.' }) input: UpdateMeterInput,
    @Ctx() context: MutationContext,
  ): Promise<UpdateMeterPayload> {
    return { meterId: await updateMeter(...(await toolsOf(context)), input) };
  }

  @Mutation(() => ArchiveMeterPayload, {
    description:
      'Lets a meter take no more events, here and in Stripe. What was reported stays, and is read as before. `NOT_FOUND`; `CONFLICT` where it is archived already; `STRIPE_ERROR`.',
  })
  @RequiresScopes('meters:write')
  async archiveMeter(
    @Arg('input', () => ArchiveMeterInput, { description: 'Which meter.' }) { meterId }: ArchiveMeterInput,
    @Ctx() context: MutationContext,
  ): Promise<ArchiveMeterPayload> {
    return { meterId: await archiveMeter(...(await toolsOf(context)), meterId) };
  }

  @Mutation(() => ReactivateMeterPayload, {
    description:
      'Lets an archived meter take events again, here and in Stripe. `NOT_FOUND`; `CONFLICT` where it is not archived, or where Stripe has given its name to another one meanwhile; `STRIPE_ERROR`.',
  })
  @RequiresScopes('meters:write')
  async reactivateMeter(
    @Arg('input', () => ReactivateMeterInput, { description: 'Which meter.' }) { meterId }: ReactivateMeterInput,
    @Ctx() context: MutationContext,
  ): Promise<ReactivateMeterPayload> {
    return { meterId: await reactivateMeter(...(await toolsOf(context)), meterId) };
  }
}

async function toolsOf(context: MutationContext) {
  const { stripe, ...tenant } = await tenantOf(context);
  const { em, operation } = context;
  return [{ em, stripe, operation }, tenant] as const;
}

const leaves = (payload: new () => MeterPayload, description: string): (new () => object) => {
  @Resolver(() => payload)
  class PayloadResolver {
    @FieldResolver(() => MeterType, { description })
    meter(@Root() { meterId }: MeterPayload, @Ctx() { read }: GraphContext, @Info() info: GraphQLResolveInfo) {
      return read.one(Meter, { id: meterId }, info);
    }
  }
  return PayloadResolver;
};

export const meterPayloadResolvers = [
  leaves(CreateMeterPayload, 'The new meter.'),
  leaves(UpdateMeterPayload, 'The meter as it is now.'),
  leaves(ArchiveMeterPayload, 'The meter as it is now.'),
  leaves(ReactivateMeterPayload, 'The meter as it is now.'),
] as const;
