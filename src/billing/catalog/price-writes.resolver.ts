import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { type GraphContext, type MutationContext, tenantOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { createPrice } from './create-price.ts';
import { Price } from './price.entity.ts';
import { ArchivePriceInput, CreatePriceInput, UpdatePriceInput } from './price.inputs.ts';
import { PriceType } from './price.type.ts';
import { updatePrice } from './update-price.ts';

/** What a mutation leaves: its field is read after the commit. */
abstract class PricePayload {
  priceId!: string;
}

@ObjectType('CreatePricePayload', { description: 'What createPrice answers.' })
export class CreatePricePayload extends PricePayload {}

@ObjectType('UpdatePricePayload', { description: 'What updatePrice answers.' })
export class UpdatePricePayload extends PricePayload {}

@ObjectType('ArchivePricePayload', { description: 'What archivePrice answers.' })
export class ArchivePricePayload extends PricePayload {}

@Resolver()
export class PriceWritesResolver {
  @Mutation(() => CreatePricePayload, {
    description:
      'Makes a price of a product, here and in Stripe. `BAD_USER_INPUT` with the field; `NOT_FOUND` for a product that you do not have, or a meter that Stripe does not; `CONFLICT` with the field where another price has the lookup key; `STRIPE_ERROR`.',
  })
  @RequiresScopes('products:write')
  async createPrice(
    @Arg('input', () => CreatePriceInput, { description: 'The price.' }) input: CreatePriceInput,
    @Ctx() context: MutationContext,
  ): Promise<CreatePricePayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { operation, log } = context;
    return { priceId: await createPrice({ stripe, operation, log }, tenant, input) };
  }

  @Mutation(() => UpdatePricePayload, {
    description:
      'Changes lookup key, nickname, notes and other currencies of a price, here and in Stripe. What it costs in its own currency is for good: see `changePriceAmount`. `BAD_USER_INPUT` with the field; `NOT_FOUND`; `CONFLICT` with the field where another price has the lookup key; `STRIPE_ERROR`.',
  })
  @RequiresScopes('products:write')
  async updatePrice(
    @Arg('input', () => UpdatePriceInput, { description: 'What changes.' }) input: UpdatePriceInput,
    @Ctx() context: MutationContext,
  ): Promise<UpdatePricePayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { operation, log } = context;
    return { priceId: await updatePrice({ stripe, operation, log }, tenant, input) };
  }

  @Mutation(() => ArchivePricePayload, {
    description:
      'Takes a price from sale, here and in Stripe, or up again. Who pays it goes on. `NOT_FOUND`; `CONFLICT` for the default price of a product in Stripe; `STRIPE_ERROR`.',
  })
  @RequiresScopes('products:write')
  async archivePrice(
    @Arg('input', () => ArchivePriceInput, { description: 'Which price.' }) input: ArchivePriceInput,
    @Ctx() context: MutationContext,
  ): Promise<ArchivePricePayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { operation, log } = context;
    const { priceId, reactivate: active } = input;
    return { priceId: await updatePrice({ stripe, operation, log }, tenant, { priceId, active }) };
  }
}

const leaves = (payload: new () => PricePayload, description: string): (new () => object) => {
  @Resolver(() => payload)
  class PayloadResolver {
    @FieldResolver(() => PriceType, { description })
    price(@Root() { priceId }: PricePayload, @Ctx() { read }: GraphContext, @Info() info: GraphQLResolveInfo) {
      return read.one(Price, { id: priceId }, info);
    }
  }
  return PayloadResolver;
};

export const pricePayloadResolvers = [
  leaves(CreatePricePayload, 'The new price.'),
  leaves(UpdatePricePayload, 'The price as it is now.'),
  leaves(ArchivePricePayload, 'The price as it is now.'),
] as const;
