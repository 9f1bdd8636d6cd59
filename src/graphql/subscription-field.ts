import { type GraphQLFieldConfig, type GraphQLFieldResolver, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { type ClassType, Query } from 'type-graphql';
import type { GraphContext, GuardedContext } from './graph-context.ts';

/** Where a subscription's events come from, each with an `id`. It is guarded as the field is. */
type Source<Args> = (context: GuardedContext, args: Args) => AsyncIterable<{ id: string }>;

const sources = new Map<string, Source<never>>();

/**
 * A root field of subscriptions. The method reads what the subscriber is sent for one event. (type-graphql's own decorator names the root type
 * `Subscription`, which is a noun of ours.)
 */
export function SubscriptionField<Args>(
  type: () => ClassType,
  { source, description }: { source: Source<Args>; description: string },
): MethodDecorator {
  return (prototype, name, method) => {
    sources.set(String(name), source);
    Query(type, { description })(prototype, name, method);
  };
}

type Fields = Record<string, GraphQLFieldConfig<unknown, GraphContext>>;

/** The schema with its subscriptions under a root of their own. */
export function withSubscriptions(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  const query = config.query!.toConfig();
  const fields: Fields = {};
  const subscriptions: Fields = {};
  for (const [name, field] of Object.entries(query.fields)) {
    const source = sources.get(name);
    if (source) subscriptions[name] = { ...field, subscribe: subscribeTo(source) };
    else fields[name] = field;
  }
  const root = new GraphQLObjectType({ name: 'SubscriptionRoot', fields: subscriptions });
  return new GraphQLSchema({
    ...config,
    query: new GraphQLObjectType({ ...query, fields }),
    subscription: root,
    types: config.types.filter((type) => type !== config.query),
  });
}

const subscribeTo =
  (source: Source<never>): GraphQLFieldResolver<unknown, GraphContext> =>
  (_root, args, context) =>
    source(context as GuardedContext, args as never);
