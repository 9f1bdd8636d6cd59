import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { Product } from '../../billing/catalog/product.entity.ts';
import { ProductType } from '../../billing/catalog/product.type.ts';
import { type GraphContext, type MutationContext, sideOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { RemoveProductFeatureInput, SetProductFeatureInput } from './feature.inputs.ts';
import { ProductFeatureType } from './feature.type.ts';
import { ProductFeature } from './product-feature.entity.ts';
import { removeProductFeature } from './remove-product-feature.ts';
import { setProductFeature } from './set-product-feature.ts';

@ObjectType('SetProductFeaturePayload', { description: 'What setProductFeature answers.' })
export class SetProductFeaturePayload {
  productFeatureId!: string;
}

@ObjectType('RemoveProductFeaturePayload', { description: 'What removeProductFeature answers.' })
export class RemoveProductFeaturePayload {
  productId!: string;
}

@Resolver()
export class ProductFeatureWritesResolver {
  @Mutation(() => SetProductFeaturePayload, {
    description:
      'Says what a product gives of a feature, in place of what it gave before: at once, to everybody who has a live subscription to it, those who bought it earlier too. `NOT_FOUND` for the product and the feature; `CONFLICT` where the feature is archived; `BAD_USER_INPUT` with the field where the value does not fit its type.',
  })
  @RequiresScopes('features:write')
  async setProductFeature(
    @Arg('input', () => SetProductFeatureInput, { description: 'What it gives.' }) input: SetProductFeatureInput,
    @Ctx() context: MutationContext,
  ): Promise<SetProductFeaturePayload> {
    const side = await sideOf(context);
    const work = context.operation.write(async (em) => (await setProductFeature({ em }, side, input)).id);
    return { productFeatureId: await work };
  }

  @Mutation(() => RemoveProductFeaturePayload, {
    description:
      'From now on a product gives nothing of a feature, to those who bought it earlier neither. `NOT_FOUND` for the product and the feature, and where it gives nothing of it.',
  })
  @RequiresScopes('features:write')
  async removeProductFeature(
    @Arg('input', () => RemoveProductFeatureInput, { description: 'What goes.' }) input: RemoveProductFeatureInput,
    @Ctx() context: MutationContext,
  ): Promise<RemoveProductFeaturePayload> {
    const side = await sideOf(context);
    return { productId: await context.operation.write((em) => removeProductFeature({ em }, side, input)) };
  }
}

@Resolver(() => SetProductFeaturePayload)
class SetResolver {
  @FieldResolver(() => ProductFeatureType, {
    nullable: true,
    description: 'What the product gives of it now. Null where the call is repeated, and another value was set since.',
  })
  productFeature(
    @Root() { productFeatureId }: SetProductFeaturePayload,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(ProductFeature, { id: productFeatureId }, info);
  }
}

@Resolver(() => RemoveProductFeaturePayload)
class RemovedResolver {
  @FieldResolver(() => ProductType, { description: 'The product, without it.' })
  product(
    @Root() { productId }: RemoveProductFeaturePayload,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(Product, { id: productId }, info);
  }
}

export const productFeaturePayloadResolvers = [SetResolver, RemovedResolver] as const;
