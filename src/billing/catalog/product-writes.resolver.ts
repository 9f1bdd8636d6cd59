import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Info,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { type GraphContext, type MutationContext, tenantOf } from '../../graphql/graph-context.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { MetadataScalar } from '../../graphql/scalars.ts';
import { createProduct } from './create-product.ts';
import { Product } from './product.entity.ts';
import { ProductType } from './product.type.ts';
import { updateProduct } from './update-product.ts';

@InputType()
abstract class ProductDetails extends MutationInput {
  @Field(() => String, {
    nullable: true,
    description: 'What customers read below the name, at most 5,000 characters. Null takes it away.',
  })
  description?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What a unit is called on invoices, at most 12 characters: `seat`. Null takes it away.',
  })
  unitLabel?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'An absolute http(s) URL of a page about it, at most 2,048 characters. Null takes it away.',
  })
  url?: string | null;

  @Field(() => MetadataScalar, {
    nullable: true,
    description:
      'Your own notes: at most 40 keys; those that begin with `billgraph_` are reserved. They replace those of before.',
  })
  metadata?: Record<string, string> | null;
}

@InputType('CreateProductInput', { description: 'A new product.' })
export class CreateProductInput extends ProductDetails {
  @Field(() => String, { description: 'What customers read, at most 250 characters.' })
  name!: string;
}

@InputType('UpdateProductInput', { description: 'What changes of a product. What is left out stays.' })
export class UpdateProductInput extends ProductDetails {
  @Field(() => ID, { description: 'The product: `pp_…`. `NOT_FOUND` where you have none of this id.' })
  productId!: string;

  @Field(() => String, { nullable: true, description: 'What customers read, at most 250 characters.' })
  name?: string | null;
}

@InputType('ArchiveProductInput', { description: 'Which product, and which way.' })
export class ArchiveProductInput extends MutationInput {
  @Field(() => ID, { description: 'The product: `pp_…`. `NOT_FOUND` where you have none of this id.' })
  productId!: string;

  @Field(() => Boolean, { defaultValue: false, description: 'True takes an archived product up again.' })
  reactivate!: boolean;
}

/** What a mutation leaves: its field is read after the commit. */
abstract class ProductPayload {
  productId!: string;
}

@ObjectType('CreateProductPayload', { description: 'What createProduct answers.' })
export class CreateProductPayload extends ProductPayload {}

@ObjectType('UpdateProductPayload', { description: 'What updateProduct answers.' })
export class UpdateProductPayload extends ProductPayload {}

@ObjectType('ArchiveProductPayload', { description: 'What archiveProduct answers.' })
export class ArchiveProductPayload extends ProductPayload {}

@Resolver()
export class ProductWritesResolver {
  @Mutation(() => CreateProductPayload, {
    description: 'Makes a product, here and in Stripe. `BAD_USER_INPUT` with the field; `STRIPE_ERROR`.',
  })
  @RequiresScopes('products:write')
  async createProduct(
    @Arg('input', () => CreateProductInput, { description: 'The product.' }) input: CreateProductInput,
    @Ctx() context: MutationContext,
  ): Promise<CreateProductPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    return { productId: await createProduct({ ...toolsOf(context), stripe }, tenant, input) };
  }

  @Mutation(() => UpdateProductPayload, {
    description:
      'Changes a product, here and in Stripe: what is left out stays, null takes it away. `BAD_USER_INPUT` with the field; `NOT_FOUND`; `STRIPE_ERROR`.',
  })
  @RequiresScopes('products:write')
  async updateProduct(
    @Arg('input', () => UpdateProductInput, { description: 'What changes.' }) input: UpdateProductInput,
    @Ctx() context: MutationContext,
  ): Promise<UpdateProductPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    return { productId: await updateProduct({ ...toolsOf(context), stripe }, tenant, input) };
  }

  @Mutation(() => ArchiveProductPayload, {
    description:
      'Takes a product from sale, here and in Stripe, or up again. Who has it keeps it. `NOT_FOUND`; `STRIPE_ERROR`.',
  })
  @RequiresScopes('products:write')
  async archiveProduct(
    @Arg('input', () => ArchiveProductInput, { description: 'Which product.' }) input: ArchiveProductInput,
    @Ctx() context: MutationContext,
  ): Promise<ArchiveProductPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { productId, reactivate: active } = input;
    return { productId: await updateProduct({ ...toolsOf(context), stripe }, tenant, { productId, active }) };
  }
}

const toolsOf = ({ operation, log }: MutationContext) => ({ operation, log });

const leaves = (payload: new () => ProductPayload, description: string): (new () => object) => {
  @Resolver(() => payload)
  class PayloadResolver {
    @FieldResolver(() => ProductType, { description })
    product(@Root() { productId }: ProductPayload, @Ctx() { read }: GraphContext, @Info() info: GraphQLResolveInfo) {
      return read.one(Product, { id: productId }, info);
    }
  }
  return PayloadResolver;
};

export const productPayloadResolvers = [
  leaves(CreateProductPayload, 'The new product.'),
  leaves(UpdateProductPayload, 'The product as it is now.'),
  leaves(ArchiveProductPayload, 'The product as it is now.'),
] as const;
