import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLField,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  Kind,
  type ValueNode,
} from 'graphql';

/** The contract, as it is published. */
export const contract = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));

export type RootField = {
  operation: 'query' | 'mutation' | 'subscription';
  name: string;
  /** The published guard: an OR of ANDs; null for what anybody may ask, `[[]]` for whoever has a credential. */
  needs: string[][] | null;
  field: GraphQLField<unknown, unknown>;
};

function listOf(value: ValueNode): readonly ValueNode[] {
  return value.kind === Kind.LIST ? value.values : [];
}

const roots = {
  query: contract.getQueryType()!,
  mutation: contract.getMutationType()!,
  subscription: contract.getSubscriptionType()!,
};

export const rootFields: RootField[] = (['query', 'mutation', 'subscription'] as const).flatMap((operation) =>
  Object.values(roots[operation].getFields()).map((field) => ({
    operation,
    name: field.name,
    needs: guardOf(field),
    field,
  })),
);

function guardOf(field: GraphQLField<unknown, unknown>): string[][] | null {
  const directives = field.astNode?.directives ?? [];
  const scopes = directives.find(({ name }) => name.value === 'requiresScopes')?.arguments?.[0]?.value;
  if (scopes) return listOf(scopes).map((needed) => listOf(needed).map((scope) => (scope as { value: string }).value));
  if (directives.some(({ name }) => name.value === 'authenticated')) return [[]];
  if (directives.some(({ name }) => name.value === 'public')) return null;
  throw new Error(`${field.name} is published without a guard.`);
}

const isGuarded = ({ astNode }: GraphQLField<unknown, unknown>) =>
  astNode?.directives?.some(({ name }) => name.value === 'requiresScopes' || name.value === 'authenticated');

/** Asks a root field, with variables named as its arguments are. `deep` selects all that there is; otherwise what no guard hides. */
export function documentOf({ operation, name, field }: RootField, args: object, deep = false): string {
  const given = field.args.filter((arg) => arg.name in args);
  const variables = given.map((arg) => `$${arg.name}: ${arg.type}`).join(', ');
  const handedOn = given.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const call = `${name}${handedOn && `(${handedOn})`} ${deep ? deepestOf(field) : narrowly(field)}`;
  return `${operation} ${variables && `(${variables})`} { ${call} }`;
}

const fieldsOf = (field: GraphQLField<unknown, unknown>) => {
  const type = getNamedType(field.type);
  return isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
};
const isLeaf = (field: GraphQLField<unknown, unknown>) => isLeafType(getNamedType(field.type));

function narrowly(field: GraphQLField<unknown, unknown>): string {
  const open = fieldsOf(field).filter((one) => !isGuarded(one) && !one.args.some(isRequiredArgument));
  const leaves = open.filter(isLeaf).map(({ name }) => name);
  if (leaves.length) return `{ ${leaves.join(' ')} }`;
  const [next] = open;
  return next ? `{ ${next.name} ${narrowly(next)} }` : '';
}

/** As much as one document may hold, in words: the server takes 2,000. */
const mostWords = 1_900;

const known = new Map<RootField['field'], string>();

function deepestOf(field: RootField['field']): string {
  const text = known.get(field) ?? deepest(field);
  known.set(field, text);
  return text;
}

/** The server takes 64 in one document. A row around the list may be one more, and so may rows that have no id of their own. */
const mostRelations = 55;

/** What a list is asked for: all that is in it, a few levels deep. */
export function selectionOf(field: GraphQLField<unknown, unknown>): string {
  for (let levels = 5; ; levels--) {
    const text = deeply(field, levels, []);
    if (relationsIn(text) <= mostRelations) return text;
  }
}

/** By ids: a row has one, and nothing else has; and each count is a relation of its own. */
const relationsIn = (text: string) => text.match(/\bid\b|\btotalCount\b/g)?.length ?? 0;

function deepest(field: GraphQLField<unknown, unknown>): string {
  for (let levels = 8; ; levels--) {
    const text = deeply(field, levels, []);
    if (text.split(/\W+|(?=[{}():])/).length + (text.match(/[{}():]/g)?.length ?? 0) < mostWords) return text;
  }
}

/**
 * Lists by their nodes. A page of two is enough for what the world holds of one row, and cheap enough inside others. A type within itself says
 * nothing new.
 */
function deeply(field: GraphQLField<unknown, unknown>, levels: number, within: string[]): string {
  if (isLeaf(field)) return '';
  const { name: type } = getNamedType(field.type);
  const chosen = fieldsOf(field).filter(
    (one) =>
      one.name !== 'edges' &&
      !one.args.some(isRequiredArgument) &&
      !within.includes(getNamedType(one.type).name.replace(/Connection$/, '')),
  );
  const selected = chosen.map((one) => {
    if (isLeaf(one)) return one.name;
    if (levels <= 1) return '';
    const page = one.args.some(({ name }) => name === 'first') ? '(first: 2)' : '';
    return `${one.name}${page} ${deeply(one, levels - 1, [...within, type])}`;
  });
  return `{ __typename ${selected.join(' ')} }`;
}
