import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import type { Principal } from '../identity/access/principal.ts';
import { type Costs, type LimitClass, limitClassOf, pointsOf, weighedList } from '../limits/limit-classes.ts';
import type { GraphContext } from './graph-context.ts';

/** A document of this many words is larger than any that a person writes; introspection has about 500. */
export const mostTokens = 2_000;
const mostLevels = 15;
/** As many objects as one operation may ask for: pages inside pages multiply. */
const mostNodes = 20_000;
const pageByDefault = 50;
/** Each root field is a statement at least, or a call of Stripe. */
const mostRootFields = { query: 20, mutation: 5, subscription: 1 };

/** An operation with the fragments of its document, by name. */
type Question = {
  operation: OperationDefinitionNode;
  fragments: Readonly<Record<string, FragmentDefinitionNode>>;
};

type Document = {
  fragments: Question['fragments'];
  variables: Record<string, unknown>;
  /** Fields looked at so far: fragments that spread fragments multiply faster than any document grows. */
  looked: number;
  /** Whether a page has the size that a variable says. */
  varies: boolean;
};

export type DocumentLimits = {
  /**
   * What a question costs, by the objects that it can ask for at the most.
   * @throws GraphQLError where it asks for too much, or for the schema and may not.
   */
  check(question: Question, variables: Record<string, unknown>, principal: Principal | null): Costs;
};

/** Refuses what would cost too much before anything is read, and introspection where it is not open. */
export function createDocumentLimits({ openIntrospection }: { openIntrospection: boolean }): DocumentLimits {
  /** What was found of operations that were let through, which live as long as Apollo keeps their document. */
  const known = new WeakMap<OperationDefinitionNode, { introspects: boolean; varies: boolean; costs: Costs }>();
  return {
    check({ operation, fragments }, variables, principal) {
      const before = known.get(operation);
      const within = { fragments, variables, looked: 0, varies: false };
      if (!before) refuseTooManyRoots(operation, within);
      const introspects = before?.introspects ?? asksForTheSchema(operation.selectionSet, within);
      if (introspects && !openIntrospection && !principal?.scopes.has('schema:read'))
        throw new GraphQLError('Introspection needs the scope schema:read.', { extensions: { code: 'FORBIDDEN' } });
      if (before && !before.varies) return before.costs;
      within.variables = { ...defaultsOf(operation), ...variables };
      const costs = costsOf(operation, within);
      known.set(operation, { introspects, varies: within.varies, costs });
      return costs;
    },
  };
}

/** The limits, for what Apollo executes. */
export function limitDocuments(limits: DocumentLimits): ApolloServerPlugin<GraphContext> {
  return {
    requestDidStart: async () => ({
      async didResolveOperation({ document, operation, request, contextValue }) {
        if (!operation) return;
        if (operation.operation === 'subscription')
          throw refusal('A subscription is asked at /graphql/stream, which answers events (text/event-stream).');
        const question = { operation, fragments: fragmentsOf(document) };
        const costs = limits.check(question, request.variables ?? {}, contextValue.principal);
        await contextValue.allowance.spend(costs);
      },
    }),
  };
}

export function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  return Object.fromEntries(fragments.map((fragment) => [fragment.name.value, fragment]));
}

function costsOf({ operation, selectionSet }: OperationDefinitionNode, within: Document): Costs {
  const costs = new Map<LimitClass, number>();
  let nodes = 0;
  for (const field of fieldsOf(selectionSet, within)) {
    const ofField = nodesOf(field, within, 1);
    const limitClass = limitClassOf(operation, field.name.value);
    const points = Math.max(pointsOf(ofField), weightOf(operation, field, within));
    costs.set(limitClass, (costs.get(limitClass) ?? 0) + points);
    nodes += ofField;
  }
  if (nodes > mostNodes)
    throw refusal(`This asks for up to ${nodes} objects; ${mostNodes} are allowed. Ask for smaller pages (first).`);
  return costs;
}

/** How many things a field is given, where it is weighed by them. */
function weightOf(operation: string, field: FieldNode, within: Document): number {
  const list = weighedList[`${operation} ${field.name.value}`];
  const input = list && field.arguments?.find(({ name }) => name.value === 'input');
  if (!input) return 0;
  within.varies = true;
  const given = (valueFromASTUntyped(input.value, within.variables) as Record<string, unknown> | null | undefined)?.[
    list
  ];
  return Array.isArray(given) ? given.length : 0;
}

/** How many objects a field can answer at the most, where each page is as full as it may be. */
function nodesOf(field: FieldNode, within: Document, level: number): number {
  if (level > mostLevels) throw refusal(`This document is nested more than ${mostLevels} levels deep.`);
  if (!field.selectionSet) return 0;
  const inside = fieldsOf(field.selectionSet, within).map((one) => nodesOf(one, within, level + 1));
  return pageOf(field, within) * inside.reduce((sum, nodes) => sum + nodes, 1);
}

/** Edges, nodes and the like are counted with their page, which is the field that has `first` or asks for one of them. */
function pageOf(field: FieldNode, within: Document): number {
  const size = field.arguments?.find(
    ({ name, value }) => (name.value === 'first' || name.value === 'last') && value.kind !== Kind.NULL,
  );
  if (size) within.varies ||= size.value.kind === Kind.VARIABLE;
  if (size) return Math.max(1, Number(valueFromASTUntyped(size.value, within.variables)) || pageByDefault);
  const isConnection = fieldsOf(field.selectionSet!, within).some(({ name }) => listFields.has(name.value));
  return isConnection ? pageByDefault : 1;
}

const listFields = new Set(['edges', 'nodes']);

function fieldsOf(selectionSet: SelectionSetNode, within: Document): FieldNode[] {
  return selectionSet.selections.flatMap((selection) => {
    if (++within.looked > mostNodes) throw refusal('The fragments of this document spread into too many fields.');
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection.selectionSet, within);
    return fieldsOf(within.fragments[selection.name.value]!.selectionSet, within);
  });
}

function refuseTooManyRoots({ operation, selectionSet }: OperationDefinitionNode, within: Document) {
  const count = fieldsOf(selectionSet, within).length;
  const most = mostRootFields[operation];
  if (count > most) throw refusal(`This ${operation} has ${count} root fields; ${most} are allowed. Send several.`);
}

function asksForTheSchema(selectionSet: SelectionSetNode, within: Document): boolean {
  return fieldsOf(selectionSet, within).some(({ name }) => name.value === '__schema' || name.value === '__type');
}

function defaultsOf(operation: OperationDefinitionNode): Record<string, unknown> {
  const withDefaults = operation.variableDefinitions?.filter(({ defaultValue }) => defaultValue) ?? [];
  return Object.fromEntries(
    withDefaults.map(({ variable, defaultValue }) => [variable.name.value, valueFromASTUntyped(defaultValue!)]),
  );
}

const refusal = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
