import { Field, ID, ObjectType } from 'type-graphql';
import { ProductFeatureConnection, type ProductFeatureType } from '../../entitlements/features/feature.type.ts';
import { type Connection, ConnectionField, connectionOf } from '../../graphql/connection.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { MetadataScalar } from '../../graphql/scalars.ts';
import { PriceConnection, type PriceType } from './price.type.ts';

@ObjectType('Product', { implements: NodeType, description: 'What you sell. Its prices say for how much.' })
export class ProductType {
  @Field(() => ID, { description: 'Our id: `pp_…`.' })
  id!: string;

  @Field(() => String, { description: 'What customers read on the checkout page and on invoices.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What customers read below the name. Null where none was given.',
  })
  description!: string | null;

  @Field(() => String, { nullable: true, description: 'What a unit is called on invoices. Null where none was given.' })
  unitLabel!: string | null;

  @Field(() => String, { nullable: true, description: 'A page about it. Null where none was given.' })
  url!: string | null;

  @Field(() => Boolean, { description: 'Whether it can be bought. An archived product is kept for those who have it.' })
  active!: boolean;

  @Field(() => MetadataScalar, { description: 'Your own notes, kept in Stripe too.' })
  metadata!: Record<string, string>;

  @Field(() => String, { description: "Stripe's id: `prod_…`." })
  stripeProductId!: string;

  @ConnectionField(() => PriceConnection, { description: 'Every price of the product, archived ones too.' })
  prices!: Connection<PriceType>;

  @RequiresScopes('features:read', 'entitlements:read')
  @ConnectionField(() => ProductFeatureConnection, {
    description: 'What the product gives of each feature, to everybody who has a live subscription to it.',
  })
  features!: Connection<ProductFeatureType>;

  @Field(() => Date, { description: 'When the product was made.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When anything of the product last changed here.' })
  updatedAt!: Date;
}

export const ProductConnection = connectionOf('Product', () => ProductType);
