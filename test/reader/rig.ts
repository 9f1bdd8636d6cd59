import 'reflect-metadata';
import { type ExecutionResult, execute, type GraphQLResolveInfo, type GraphQLSchema, parse, validate } from 'graphql';
import pg from 'pg';
import { Arg, Args, buildSchemaSync, Ctx, Info, Query, Resolver } from 'type-graphql';
import { Price } from '../../src/billing/catalog/price.entity.ts';
import { Product } from '../../src/billing/catalog/product.entity.ts';
import { ProductConnection } from '../../src/billing/catalog/product.type.ts';
import { CheckoutSession } from '../../src/billing/checkout/checkout-session.entity.ts';
import { Customer } from '../../src/billing/customers/customer.entity.ts';
import { CustomerConnection, CustomerType } from '../../src/billing/customers/customer.type.ts';
import { Invoice } from '../../src/billing/invoices/invoice.entity.ts';
import { InvoiceConnection } from '../../src/billing/invoices/invoice.type.ts';
import { PaymentMethod } from '../../src/billing/payment-methods/payment-method.entity.ts';
import { PaymentMethodConnection } from '../../src/billing/payment-methods/payment-method.type.ts';
import { Payment } from '../../src/billing/payments/payment.entity.ts';
import { PaymentConnection } from '../../src/billing/payments/payment.type.ts';
import { Subscription } from '../../src/billing/subscriptions/subscription.entity.ts';
import { SubscriptionConnection } from '../../src/billing/subscriptions/subscription.type.ts';
import { SubscriptionItem } from '../../src/billing/subscriptions/subscription-item.entity.ts';
import { SubscriptionItemConnection } from '../../src/billing/subscriptions/subscription-item.type.ts';
import { openOrm } from '../../src/database/open-orm.ts';
import { ConnectionArgs } from '../../src/graphql/connection.ts';
import { published as all } from '../../src/graphql/published.ts';
import { scalarsMap } from '../../src/graphql/scalars.ts';
import { createReader, type TenantReader } from '../../src/reader/create-reader.ts';
import type { Scope } from '../../src/reader/print.ts';
import type { Publication } from '../../src/reader/publish.ts';
import { asOwner, createDatabase } from '../rig/database.ts';

type Context = { read: TenantReader };

@Resolver()
class Reads {
  @Query(() => CustomerType, { nullable: true })
  customer(@Arg('id', () => String) id: string, @Ctx() { read }: Context, @Info() info: GraphQLResolveInfo) {
    return read.one(Customer, { id }, info);
  }

  @Query(() => CustomerType, { nullable: true })
  customerByEmail(
    @Arg('email', () => String) email: string,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(Customer, { email }, info);
  }

  @Query(() => CustomerConnection)
  customers(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.connection(Customer, page, info);
  }

  @Query(() => SubscriptionConnection)
  subscriptions(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.connection(Subscription, page, info);
  }

  @Query(() => SubscriptionItemConnection)
  subscriptionItems(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.connection(SubscriptionItem, page, info);
  }

  @Query(() => InvoiceConnection)
  invoices(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.connection(Invoice, page, info);
  }

  @Query(() => PaymentConnection)
  payments(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.connection(Payment, page, info);
  }

  @Query(() => PaymentMethodConnection)
  paymentMethods(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.connection(PaymentMethod, page, info);
  }

  @Query(() => ProductConnection)
  activeProducts(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.connection(Product, page, info, { where: { active: true } });
  }
}

/** What the queries above lead to: all that is published but checkout sessions, and each entity by the type that relations lead to. */
export const published = all.filter(({ entity, beside }) => entity !== CheckoutSession && !beside);

export { Customer, Price, Product, Subscription };

/** A resolver class as type-graphql has it. */
// biome-ignore lint/complexity/noBannedTypes: type-graphql's own type
type ResolverClass = Function;

export function buildReadSchema(...resolvers: ResolverClass[]): GraphQLSchema {
  const orphanedTypes = published.map(({ type }) => type);
  return buildSchemaSync({ resolvers: [Reads, ...resolvers], orphanedTypes, scalarsMap, validate: false });
}

export type Sent = { name?: string; text: string; values: unknown[] };

export type ReaderRig = {
  url: string;
  schema: GraphQLSchema;
  as(scope: Scope): TenantReader;
  /** Every statement that the reader sent. */
  sent: Sent[];
  /** Runs a document as `scope`, which must be valid. The answer is as JSON has it. */
  ask(scope: Scope, document: string, variables?: Record<string, unknown>): Promise<ExecutionResult<any>>;
  sql(text: string, values?: unknown[]): Promise<any[]>;
  close(): Promise<void>;
};

/** A reader over a database of its own. */
export async function openReader(
  options: { resolvers?: ResolverClass[]; publications?: Publication[] } = {},
): Promise<ReaderRig> {
  const database = await createDatabase();
  // Whatever hung on the zone of the database would show.
  await asOwner(
    database.url,
    `alter database ${new URL(database.url).pathname.slice(1)} set timezone = 'America/St_Johns'`,
  );
  const orm = openOrm(database.url, { poolSize: 4 });
  const schema = buildReadSchema(...(options.resolvers ?? []));
  const reader = createReader({ orm, schema, published: options.publications ?? published });
  const pool = await orm.em.getConnection().getNativeClient();
  const sent: Sent[] = [];
  const query = pool.query.bind(pool) as (statement: Sent) => unknown;
  pool.query = ((statement: Sent) => {
    sent.push(statement);
    return query(statement);
  }) as typeof pool.query;
  const direct = new pg.Client(database.url);
  await direct.connect();

  return {
    url: database.url,
    schema,
    as: reader.as,
    sent,
    async ask(scope, text, variableValues) {
      const document = documentOf(schema, text);
      const contextValue: Context = { read: reader.as(scope) };
      const result = await execute({ schema, document, variableValues, contextValue });
      return { ...result, data: JSON.parse(JSON.stringify(result.data ?? null)) };
    },
    sql: async (text, values) => (await direct.query(text, values)).rows,
    async close() {
      await direct.end();
      await orm.close();
      await database.drop();
    },
  };
}

const documents = new Map<string, ReturnType<typeof parse>>();

/** Parsed once, as Apollo does: plans are kept by document. */
function documentOf(schema: GraphQLSchema, text: string) {
  const known = documents.get(text);
  if (known) return known;
  const document = parse(text);
  const faults = validate(schema, document);
  if (faults.length) throw new Error(`${faults.join('\n')}\n${text}`);
  documents.set(text, document);
  return document;
}
