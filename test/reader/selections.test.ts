import 'reflect-metadata';
import type { GraphQLResolveInfo } from 'graphql';
import {
  Ctx,
  Field,
  FieldResolver,
  ID,
  Info,
  InterfaceType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CheckoutSession } from '../../src/billing/checkout/checkout-session.entity.ts';
import { Customer } from '../../src/billing/customers/customer.entity.ts';
import { CustomerType } from '../../src/billing/customers/customer.type.ts';
import type { TenantReader } from '../../src/reader/create-reader.ts';
import type { Scope } from '../../src/reader/print.ts';
import { publish } from '../../src/reader/publish.ts';
import { byAge } from './model.ts';
import { openReader, published, type ReaderRig } from './rig.ts';
import { insert, makeTenants, type Row, seed, type Tables } from './tenants.ts';

type Context = { read: TenantReader };

@InterfaceType('Thing')
abstract class ThingType {
  @Field(() => ID)
  id!: string;
}

@ObjectType('Session', { implements: ThingType })
class SessionType extends ThingType {
  @Field(() => String)
  stripeSessionId!: string;

  @Field(() => CustomerType, { nullable: true })
  customer!: CustomerType | null;
}

@ObjectType('Renamed')
class RenamedType {
  id!: string;
}

@InterfaceType('Holder', { resolveType: ({ kind }: { kind: string }) => kind })
abstract class HolderType {
  @Field(() => String)
  kind!: string;
}

@ObjectType('Buyer', { implements: HolderType })
class BuyerType extends HolderType {}

@ObjectType('Payer', { implements: HolderType })
class PayerType extends HolderType {}

@Resolver()
class Roots {
  @Query(() => [HolderType])
  holders() {
    return [
      { kind: 'Buyer', id: busiest.id },
      { kind: 'Payer', id: busiest.id },
    ];
  }

  @Query(() => ThingType, { nullable: true })
  thing(@Ctx() { read }: Context, @Info() info: GraphQLResolveInfo) {
    return read.one(CheckoutSession, { stripeSessionId: 'cs_1' }, info);
  }

  @Mutation(() => [RenamedType])
  renameCustomers(): RenamedType[] {
    return customers.slice(0, 2);
  }
}

@Resolver(() => RenamedType)
class RenamedResolver {
  @FieldResolver(() => CustomerType)
  customer(@Root() { id }: RenamedType, @Ctx() { read }: Context, @Info() info: GraphQLResolveInfo) {
    return read.one(Customer, { id }, info);
  }
}

@Resolver(() => BuyerType)
class BuyerResolver {
  @FieldResolver(() => CustomerType)
  customer(@Root() { id }: { id: string }, @Ctx() { read }: Context, @Info() info: GraphQLResolveInfo) {
    return read.one(Customer, { id }, info);
  }
}

@Resolver(() => PayerType)
class PayerResolver {
  @FieldResolver(() => CustomerType)
  customer(@Root() { id }: { id: string }, @Ctx() { read }: Context, @Info() info: GraphQLResolveInfo) {
    return read.one(Customer, { id }, info);
  }
}

const scope: Scope = { projectId: 'prj_a', environment: 'TEST', customerId: null };
const tables: Tables = makeTenants(42);
const idsOf = (rows: Row[]) => rows.map(({ id }) => ({ id }));
const subscriptionsOf = ({ id }: Row) =>
  tables.subscription.filter(({ customer_id }) => customer_id === id).toSorted(byAge);
const customers = tables.customer
  .filter(
    (row) => row.project_id === 'prj_a' && row.environment === 'TEST' && row.stripe_customer_id && !row.deleted_at,
  )
  .toSorted((a, b) => subscriptionsOf(b).length - subscriptionsOf(a).length);
const busiest = customers[0]!;

let rig: ReaderRig;
beforeAll(async () => {
  rig = await openReader({
    resolvers: [Roots, RenamedResolver, BuyerResolver, PayerResolver],
    publications: [
      ...published,
      publish(SessionType, CheckoutSession, (from) => ({
        stripeSessionId: from.columns(['stripeSessionId'], ({ stripeSessionId }) => stripeSessionId ?? 'none'),
      })),
    ],
  });
  await seed(rig, tables);
  const { project_id, environment, connection_id, evidence, created_at } = busiest;
  const session = {
    id: 'pcs_1',
    stripe_session_id: 'cs_1',
    customer_id: busiest.id,
    mode: 'SETUP',
    updated_at: created_at,
  };
  await insert(rig, 'checkout_session', [{ ...session, project_id, environment, connection_id, evidence, created_at }]);
});
afterAll(() => rig.close());

describe('a field with arguments', () => {
  it('is another list for other arguments, under an alias and behind aliases', async () => {
    const { data } = await rig.ask(
      scope,
      `query($id: String!, $two: Int) { customer(id: $id) {
        subscriptions(first: 1) { nodes { id } }
        again: subscriptions(first: 1) { nodes { status } }
        last: subscriptions(last: $two) { nodes { id a: customer { subscriptions(first: 2) { nodes { id } } } b: customer { subscriptions(last: 2) { nodes { id } } } } }
        nodes: subscriptions { nodes { id } totalCount }
      } }`,
      { id: busiest.id, two: 2 },
    );
    const all = subscriptionsOf(busiest);
    expect(all.length).toBeGreaterThan(2);
    expect(data.customer.subscriptions.nodes).toEqual(idsOf(all.slice(0, 1)));
    expect(data.customer.again.nodes).toEqual([{ status: all[0]!.status }]);
    expect(data.customer.nodes).toEqual({ nodes: idsOf(all), totalCount: all.length });
    expect(data.customer.last.nodes).toEqual(
      all.slice(-2).map(({ id }) => ({
        id,
        a: { subscriptions: { nodes: idsOf(all.slice(0, 2)) } },
        b: { subscriptions: { nodes: idsOf(all.slice(-2)) } },
      })),
    );
  });

  it('is read once where it is asked twice', async () => {
    rig.sent.length = 0;
    await rig.ask(
      scope,
      `{ customers { nodes { x: subscriptions(first: 2, last: null) { nodes { id } } y: subscriptions(last: null, first: 2) { nodes { status } } } } }`,
    );
    expect(rig.sent[0]!.text.match(/from "subscription"/g)).toHaveLength(1);
  });

  it('takes its direction from a variable, one request after the other', async () => {
    const document = `query($id: String!, $last: Int) { customer(id: $id) { subscriptions(last: $last) { nodes { id } } } }`;
    const all = subscriptionsOf(busiest);
    for (const last of [null, 1, null, 2, 1]) {
      const { data } = await rig.ask(scope, document, { id: busiest.id, last });
      expect(data.customer.subscriptions.nodes).toEqual(idsOf(last ? all.slice(-last) : all));
    }
  });
});

describe('@skip and @include', () => {
  const document = `query($id: String!, $a: Boolean!, $b: Boolean!, $c: Boolean!) { customer(id: $id) {
    id @include(if: $a) ...F @skip(if: $b) ...F @include(if: $c)
    subscriptions(first: 1) @skip(if: $a) { nodes { id stripeStatus @include(if: $b) ... @skip(if: $c) { status } } }
  } } fragment F on Customer { email ... on Customer { stripeCustomerId @skip(if: $a) } }`;
  const combinations = Array.from({ length: 8 }, (_, bits) => ({
    a: Boolean(bits & 1),
    b: Boolean(bits & 2),
    c: Boolean(bits & 4),
  }));

  it.each([...combinations, ...combinations])('hold for one document after another: %j', async ({ a, b, c }) => {
    const { data } = await rig.ask(scope, document, { id: busiest.id, a, b, c });
    const [first] = subscriptionsOf(busiest);
    expect(data.customer).toEqual({
      ...(a ? { id: busiest.id } : {}),
      ...(!b || c ? { email: busiest.email, ...(a ? {} : { stripeCustomerId: busiest.stripe_customer_id }) } : {}),
      ...(a
        ? {}
        : {
            subscriptions: {
              nodes: [
                {
                  id: first!.id,
                  ...(b ? { stripeStatus: first!.stripe_status } : {}),
                  ...(c ? {} : { status: first!.status }),
                },
              ],
            },
          }),
    });
  });
});

describe('a payload', () => {
  it('reads each of its rows by one statement, at any depth and under any alias', async () => {
    rig.sent.length = 0;
    const { data } = await rig.ask(
      scope,
      'mutation { a: renameCustomers { who: customer { id } } b: renameCustomers { who: customer { email subscriptions(first: 1) { nodes { id } } } } }',
    );
    const [one, two] = customers;
    expect(data.a).toEqual([{ who: { id: one!.id } }, { who: { id: two!.id } }]);
    expect(data.b.map(({ who }: { who: { email: string } }) => who.email)).toEqual([one!.email, two!.email]);
    expect(data.b[0].who.subscriptions.nodes).toEqual(idsOf(subscriptionsOf(one!).slice(0, 1)));
    expect(rig.sent).toHaveLength(4);
    expect(new Set(rig.sent.map(({ text }) => text)).size, 'places in lists share a plan').toBe(2);
  });
});

describe('an interface', () => {
  it('is answered as the type of the row', async () => {
    const { data, errors } = await rig.ask(
      scope,
      '{ thing { __typename id ... on Thing { same: id } ... on Session { stripeSessionId customer { id } } } }',
    );
    expect(errors).toBeUndefined();
    const wanted = {
      __typename: 'Session',
      id: 'pcs_1',
      same: 'pcs_1',
      stripeSessionId: 'cs_1',
      customer: { id: busiest.id },
    };
    expect(data.thing).toEqual(wanted);
  });

  it('has a selection for each of its types, even at one place', async () => {
    const { data, errors } = await rig.ask(
      scope,
      '{ holders { ... on Buyer { customer { id } } ... on Payer { customer { email } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.holders).toEqual([{ customer: { id: busiest.id } }, { customer: { email: busiest.email } }]);
  });

  it('hides the row from another tenant and another customer', async () => {
    for (const other of [{ projectId: 'prj_b' }, { environment: 'LIVE' }, { customerId: customers[1]!.id }]) {
      const { data } = await rig.ask({ ...scope, ...other }, '{ thing { id } }');
      expect(data.thing).toBeNull();
    }
  });
});
