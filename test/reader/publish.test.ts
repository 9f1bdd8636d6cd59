import 'reflect-metadata';
import { buildSchemaSync, type ClassType, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { Price } from '../../src/billing/catalog/price.entity.ts';
import { PriceConnection, PriceType } from '../../src/billing/catalog/price.type.ts';
import { Product } from '../../src/billing/catalog/product.entity.ts';
import { Customer } from '../../src/billing/customers/customer.entity.ts';
import { Subscription } from '../../src/billing/subscriptions/subscription.entity.ts';
import { openOrm } from '../../src/database/open-orm.ts';
import { type Connection, ConnectionField } from '../../src/graphql/connection.ts';
import { BigIntScalar, scalarsMap } from '../../src/graphql/scalars.ts';
import { createReader } from '../../src/reader/create-reader.ts';
import { type Publication, publish } from '../../src/reader/publish.ts';
import { Team } from '../../src/tenancy/teams/team.entity.ts';
import { published } from './rig.ts';

/** Declarations that tsc must refuse, each for the field that is named. `npm run check:types` fails where one is accepted. */
describe('what does not compile', () => {
  class Shape<T> {
    value!: T;
  }
  const shape = <T>() => Shape as unknown as ClassType<T & object>;

  it('is a published field that its entity does not answer', () => {
    // @ts-expect-error no column
    publish(shape<{ colour: string }>(), Product, () => ({}));
    // @ts-expect-error a column that may be null behind a field that may not
    publish(shape<{ description: string }>(), Product, () => ({}));
    // @ts-expect-error another type
    publish(shape<{ unitAmount: number | null }>(), Price, () => ({}));
    // @ts-expect-error a relation that may lead nowhere behind a field that must lead somewhere
    publish(shape<{ price: PriceType }>(), Subscription, () => ({}));
    // @ts-expect-error a relation published as a value
    publish(shape<{ product: string }>(), Price, () => ({}));
    // @ts-expect-error a list published as a row
    publish(shape<{ prices: PriceType }>(), Product, () => ({}));
    // @ts-expect-error a row published as a list
    publish(shape<{ product: Connection<PriceType> }>(), Price, () => ({}));
    expect(true).toBe(true);
  });

  it('is a source that its entity or field contradicts', () => {
    const product = shape<{ label: string }>();
    // @ts-expect-error a column that is not there
    publish(product, Product, (from) => ({ label: from.columns(['title'], () => '') }));
    // @ts-expect-error reads a column that it does not name
    publish(product, Product, (from) => ({ label: from.columns(['name'], (row) => row.description ?? '') }));
    // @ts-expect-error another type
    publish(product, Product, (from) => ({ label: from.columns(['active'], ({ active }) => active) }));
    // @ts-expect-error there may be no first one
    publish(shape<{ price: PriceType }>(), Product, (from) => ({ price: from.first('prices', { prefer: {} }) }));
    // @ts-expect-error not a list
    publish(shape<{ one: PriceType | null }>(), Price, (from) => ({ one: from.first('product', { prefer: {} }) }));
    publish(shape<{ latest: object | null }>(), Customer, (from) => ({
      // @ts-expect-error not a status
      latest: from.first('subscriptions', { prefer: { status: ['ON'] } }),
    }));
    publish(shape<{ live: Connection<object> }>(), Customer, (from) => ({
      // @ts-expect-error not a status
      live: from.list('subscriptions', { only: { status: ['ON'] } }),
    }));
    // @ts-expect-error a column that is not there
    publish(shape<{ name: string }>(), Product, () => ({}), { visible: { deletedAt: 'absent' } });
    expect(true).toBe(true);
  });

  it('leaves what is right alone', () => {
    publish(shape<{ id: string; description: string | null; active: boolean }>(), Product, () => ({}));
    publish(shape<{ product: object; metadata: Record<string, string>; createdAt: Date }>(), Price, () => ({}));
    publish(shape<{ prices: Connection<PriceType>; label: string }>(), Product, (from) => ({
      label: from.columns(['name', 'active'], ({ name, active }) => `${name} ${active}`),
    }));
    expect(true).toBe(true);
  });
});

@ObjectType('WrongProduct')
class WrongProduct {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  description!: string | null;

  @Field(() => Int)
  name!: string;

  @Field(() => [String])
  active!: boolean;

  @Field(() => BigIntScalar)
  createdAt!: Date;

  @Field(() => PriceType, { nullable: true })
  prices!: Connection<PriceType>;
}

@ObjectType('WrongPrice')
class WrongPrice {
  @Field(() => PriceType, { nullable: true })
  product!: object;

  @Field(() => String)
  shade!: string;
}

@ObjectType('UnpublishedTarget')
class UnpublishedTarget {
  @Field(() => PriceType, { nullable: true })
  product!: object;

  @ConnectionField(() => PriceConnection, { description: 'Items.' })
  items!: Connection<object>;
}

@ObjectType('PublishedTeam')
class PublishedTeam {
  @Field(() => String)
  name!: string;
}

@Resolver()
class Wrongs {
  @Query(() => WrongProduct)
  product() {}

  @Query(() => WrongPrice)
  price() {}

  @Query(() => UnpublishedTarget)
  target() {}

  @Query(() => PublishedTeam)
  team() {}
}

describe('what does not start', () => {
  const orm = openOrm('postgresql://127.0.0.1/nowhere', { poolSize: 1 });
  afterAll(() => orm.close());
  const schema = buildSchemaSync({ resolvers: [Wrongs], scalarsMap, validate: false });
  const start = (...publications: Publication[]) => createReader({ orm, schema, published: publications });
  const others = published.filter(({ entity }) => entity !== Product && entity !== Price && entity !== Subscription);
  // As if the types had been told what the decorators do not say.
  const publishUnchecked = publish as unknown as (
    type: ClassType,
    entity: ClassType,
    sources: (from: { columns: (names: string[], value: () => unknown) => unknown }) => object,
    options?: object,
  ) => Publication;

  it('is a type whose decorators disagree with its columns, and each fault is told at once', () => {
    const price = published.find(({ entity }) => entity === Price)!;
    const wrong = () =>
      start(
        publishUnchecked(WrongProduct, Product, () => ({})),
        price,
      );
    expect(wrong).toThrow(/WrongProduct\.description: its column may be null: publish String/);
    expect(wrong).toThrow(/WrongProduct\.name: a column of string cannot answer Int!/);
    expect(wrong).toThrow(/WrongProduct\.active: a column of boolean cannot answer \[String!\]!/);
    expect(wrong).toThrow(/WrongProduct\.createdAt: a column of Date cannot answer BigInt!/);
    expect(wrong).toThrow(/WrongProduct\.prices: publish a connection of Price/);
    expect(wrong).toThrow(/Price\.product: the relation leads to WrongProduct, not to Product!/);
  });

  it('is a field that nothing answers, and a source that nothing asks for', () => {
    const wrong = () =>
      start(
        publishUnchecked(WrongPrice, Price, (from) => ({
          tone: from.columns(['colour'], () => ''),
        })),
      );
    expect(wrong).toThrow(/WrongPrice\.shade: its entity has no such property: give it a source/);
    expect(wrong).toThrow(/WrongPrice\.product: its property is neither a column nor a relation to a published entity/);
    expect(wrong).toThrow(/WrongPrice: its entity has no column `colour`/);
    expect(wrong).toThrow(/WrongPrice\.tone: a source for a field that is not published/);
  });

  it('is another type of the same rows whose row is said to be of a third', () => {
    const beside = (of: object) =>
      publishUnchecked(WrongPrice, Price, () => ({ product: of, shade: { kind: 'self' } }), { beside: true });
    const wrong = () => start(...published.filter(({ entity }) => entity === Price), beside({ kind: 'self' }));
    expect(wrong).toThrow(/WrongPrice\.shade: the row itself is a Price/);
    expect(wrong).not.toThrow(/WrongPrice\.product: the row/);
  });

  it('is an entity without a tenant, one that is published twice, and a class that the schema does not have', () => {
    expect(() => start(publishUnchecked(PublishedTeam, Team, () => ({})))).toThrow(
      /PublishedTeam: its entity has no `projectId`/,
    );
    expect(() => start(...others, ...others)).toThrow(/not an object type of the schema|published twice/);
    expect(() => start(publishUnchecked(class Unheard {}, Product, () => ({})))).toThrow(
      /Unheard is not an object type/,
    );
  });
});
