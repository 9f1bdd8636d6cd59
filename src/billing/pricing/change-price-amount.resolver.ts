import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { type GraphContext, type MutationContext, tenantOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { Price } from '../catalog/price.entity.ts';
import { PriceType } from '../catalog/price.type.ts';
import { ChangePriceAmountInput } from './change-price-amount.inputs.ts';
import { type ChangedAmount, changePriceAmount } from './change-price-amount.ts';

@ObjectType('ChangePriceAmountPayload', { description: 'What changePriceAmount answers.' })
export class ChangePriceAmountPayload implements ChangedAmount {
  priceId!: string;
  archivedPriceId!: string;
}

@Resolver(() => ChangePriceAmountPayload)
export class ChangePriceAmountResolver {
  @Mutation(() => ChangePriceAmountPayload, {
    description:
      "Gives a price another amount. Stripe lets no amount change: a new price is made that is the same otherwise, the lookup key, the product's default price and the project's plans and self-service settings move to it, and the old one is archived. Subscriptions that pay the old price go on with it; change them one by one. What a crash cuts off is finished by itself. `BAD_USER_INPUT` with the field; `NOT_FOUND`; `CONFLICT` where another call changes the same price; `STRIPE_ERROR`.",
  })
  @RequiresScopes('products:write')
  async changePriceAmount(
    @Arg('input', () => ChangePriceAmountInput, { description: 'Which price, and what it is to cost.' })
    input: ChangePriceAmountInput,
    @Ctx() context: MutationContext,
  ): Promise<ChangePriceAmountPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { em, operation, log } = context;
    return changePriceAmount({ em, stripe, operation, log }, tenant, input);
  }

  @FieldResolver(() => PriceType, { description: 'The new price.' })
  price(
    @Root() { priceId }: ChangePriceAmountPayload,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(Price, { id: priceId }, info);
  }

  @FieldResolver(() => PriceType, { description: 'The old price, archived.' })
  archivedPrice(
    @Root() { archivedPriceId }: ChangePriceAmountPayload,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(Price, { id: archivedPriceId }, info);
  }
}
