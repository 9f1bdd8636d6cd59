import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { type Complete, compileSelection, type Execution } from './compile-selection.ts';
import type { GraphContext } from './graph-context.ts';
import { type DocumentLimits, fragmentsOf } from './limit-documents.ts';

export type WarmQueries = {
  /** Learns each query that Apollo answers without an error. */
  plugin: ApolloServerPlugin<GraphContext>;
  /**
   * The data, or null where Apollo shall answer: the query is new, or something is wrong, which Apollo says.
   * @throws Refusal RATE_LIMITED
   */
  answer(question: Question, context: GraphContext): Promise<Record<string, unknown> | null>;
};

/** What a client sends: a text, or the hash of one that was sent before. */
export type Question = {
  query: string;
  hash?: string;
  operationName?: string | null;
  variables?: Record<string, unknown> | null;
};

type Query = {
  operation: OperationDefinitionNode;
  fragments: Record<string, FragmentDefinitionNode>;
  /** The variables of `@skip` and `@include`. */
  switches: string[];
  /** Compiled for each position of the switches; null where the query is not one to compile. */
  compiled: Map<string, Complete | null>;
};

const mostQueries = 500;
const mostText = 1_000_000;
/** Each switch of a query doubles its positions. As many are compiled. */
const mostPositions = 16;

/**
 * The short way of a query that was asked before and is answered without an error: a validated document, compiled at its second
 * use, runs without Apollo's pipeline and without graphql-js. What goes wrong on it is asked once more the long way, whose errors
 * are the published ones; a query changes nothing, so that asking twice is safe.
 *
 * Nothing is skipped that decides: the credential, the limits and the guards are the same functions on both ways.
 */
export function createWarmQueries(schema: GraphQLSchema, limits: DocumentLimits): WarmQueries {
  const queries = new LRUCache<string, Query>({
    max: mostQueries,
    maxSize: mostText,
    sizeCalculation: (_query, text) => text.length,
  });
  /** By their hashes, as Apollo checked them. */
  const texts = new LRUCache<string, string>({ max: mostQueries });

  function prepare(query: Query, variables: Record<string, unknown>, { principal }: GraphContext) {
    try {
      const costs = limits.check(query, variables, principal);
      const { coerced } = getVariableValues(schema, query.operation.variableDefinitions ?? [], variables);
      const complete = coerced && compiledFor(schema, query, coerced);
      return complete ? { costs, coerced, complete } : null;
    } catch {
      return null;
    }
  }

  return {
    plugin: {
      requestDidStart: async () => ({
        async willSendResponse({ source, document, operation, errors, request }) {
          if (errors || !source || !document || operation?.operation !== 'query') return;
          const hash = request?.extensions?.persistedQuery?.sha256Hash;
          if (hash) texts.set(hash, source);
          if (queries.has(source)) return;
          const fragments = fragmentsOf(document);
          // With several operations, the text alone does not say which one is meant.
          if (document.definitions.length - Object.keys(fragments).length > 1) return;
          queries.set(source, {
            operation,
            fragments,
            switches: switchesOf(document),
            compiled: new Map(),
          });
        },
      }),
    },
    async answer({ query: text, hash, operationName, variables }, context) {
      const query = queries.get(hash === undefined ? text : (texts.get(hash) ?? ''));
      if (!query || (operationName ?? query.operation.name?.value) !== query.operation.name?.value) return null;
      const prepared = prepare(query, variables ?? {}, context);
      if (!prepared) return null;
      await context.allowance.spend(prepared.costs);
      return execute(prepared.complete, { context, variableValues: prepared.coerced, awaited: [], failed: false });
    },
  };
}

function compiledFor(schema: GraphQLSchema, query: Query, variableValues: Record<string, unknown>): Complete | null {
  const { operation, fragments, switches, compiled } = query;
  const position = switches.map((name) => Number(variableValues[name] === true)).join('');
  const known = compiled.get(position);
  if (known !== undefined || compiled.size >= mostPositions) return known ?? null;
  // What cannot be compiled is not tried again.
  compiled.set(position, null);
  const compiling = { schema, fragments, operation, variableValues, fields: 0 };
  const complete = compileSelection(schema.getQueryType()!, [operation], compiling);
  compiled.set(position, complete);
  return complete;
}

async function execute(complete: Complete, execution: Execution): Promise<Record<string, unknown> | null> {
  const { awaited } = execution;
  let data: unknown = null;
  try {
    data = complete({}, execution, undefined);
  } catch {
    execution.failed = true;
  }
  // Even then nothing is left behind that runs on, or fails with nobody there.
  while (awaited.length) {
    await Promise.all(awaited.splice(0));
  }
  return execution.failed ? null : (data as Record<string, unknown>);
}

function switchesOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ arguments: [condition] = [] }) => {
      if (condition?.value.kind === Kind.VARIABLE) names.add(condition.value.name.value);
    },
  });
  return [...names];
}
