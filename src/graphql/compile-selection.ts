import {
  defaultFieldResolver,
  type FieldNode,
  type GraphQLField,
  GraphQLID,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  GraphQLString,
  getArgumentValues,
  getNamedType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type ResponsePath,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { type Document, selectedOf } from '../reader/selection.ts';

/**
 * One execution: what it is asked with, and the fields whose values are still on their way. None of these rejects: a rejection
 * that comes while another field is waited for would be nobody's, and end the process. `failed` says it.
 */
export type Execution = {
  context: unknown;
  variableValues: Record<string, unknown>;
  awaited: Promise<void>[];
  failed: boolean;
};

/** @param fields how many were compiled so far. */
export type Compiling = Document & Pick<GraphQLResolveInfo, 'operation'> & { fields: number };

type Row = Record<string, unknown>;
type Path = ResponsePath | undefined;
export type Complete = (value: unknown, execution: Execution, path: Path) => unknown;
/** Puts one field of a row into the answer. */
type Put = (row: Row, answer: Row, execution: Execution, path: Path) => void;

/** A query with more of them gains little, and would only fill the memory. */
const mostFields = 1_000;

/** Thrown where graphql-js has to answer by what it alone does: errors with their places, nulls that rise, introspection. */
export class Uncommon extends Error {}

/**
 * A selection as a function from a row to its answer, in which all that is the same for every row is found once.
 * It knows only the case where nothing fails. Otherwise it throws, and what was answered so far is worth nothing.
 */
export function compileSelection(
  type: GraphQLObjectType,
  nodes: readonly { selectionSet?: SelectionSetNode }[],
  compiling: Compiling,
): Complete {
  const puts: Put[] = [];
  for (const [key, selected] of selectedOf(nodes, type, compiling, ({ alias, name }) => (alias ?? name).value))
    puts.push(compileField(type, key, selected, compiling));
  return (row, execution, path) => {
    const answer: Row = {};
    for (let i = 0; i < puts.length; i++) puts[i]!(row as Row, answer, execution, path);
    return answer;
  };
}

function compileField(type: GraphQLObjectType, key: string, nodes: FieldNode[], compiling: Compiling): Put {
  const name = nodes[0]!.name.value;
  if (key === '__proto__' || ++compiling.fields > mostFields) throw new Uncommon();
  if (name === '__typename')
    return (_row, answer) => {
      answer[key] = type.name;
    };
  const field = type.getFields()[name];
  if (!field) throw new Uncommon();
  const complete = compileType(field.type, nodes, compiling);

  const { resolve = defaultFieldResolver } = field;
  if (resolve !== defaultFieldResolver) return compileResolver(type, key, nodes, { field, complete, compiling });
  if (isLeafType(getNamedType(field.type)))
    return (row, answer, execution) => {
      answer[key] = complete(present(row[name]), execution, undefined);
    };
  return (row, answer, execution, prev) => {
    answer[key] = complete(present(row[name]), execution, { prev, key, typename: type.name });
  };
}

function compileResolver(
  parentType: GraphQLObjectType,
  key: string,
  fieldNodes: FieldNode[],
  { field, complete, compiling }: { field: GraphQLField<unknown, unknown>; complete: Complete; compiling: Compiling },
): Put {
  const { schema, fragments, operation } = compiling;
  const { name: fieldName, type: returnType } = field;
  const resolve = field.resolve!;
  const argumentsOf = compileArguments(field, fieldNodes[0]!);
  return (row, answer, execution, prev) => {
    const { context, variableValues, awaited } = execution;
    const path = { prev, key, typename: parentType.name };
    const info: GraphQLResolveInfo = {
      fieldName,
      fieldNodes,
      returnType,
      parentType,
      path,
      schema,
      fragments,
      rootValue: undefined,
      operation,
      variableValues,
    };
    const put = (value: unknown) => {
      answer[key] = complete(present(value), execution, path);
    };
    const value = resolve(row, argumentsOf(variableValues), context, info);
    if (!isPromise(value)) return put(value);
    // Its place among the keys is kept for it.
    answer[key] = null;
    const fail = () => {
      execution.failed = true;
    };
    const putLate = (value: unknown) => {
      try {
        put(value);
      } catch {
        fail();
      }
    };
    awaited.push(value.then(putLate, fail));
  };
}

function compileArguments(field: GraphQLField<unknown, unknown>, node: FieldNode) {
  let varies = false;
  visit(node, {
    SelectionSet: () => false,
    Directive: () => false,
    Variable() {
      varies = true;
    },
  });
  if (varies) return (variables: Record<string, unknown>) => getArgumentValues(field, node, variables);
  const values = getArgumentValues(field, node);
  return () => ({ ...values });
}

function compileType(type: GraphQLOutputType, nodes: readonly FieldNode[], compiling: Compiling): Complete {
  if (isNonNullType(type)) {
    const complete = compileType(type.ofType, nodes, compiling);
    return (value, execution, path) => {
      if (value === null) throw new Uncommon();
      return complete(value, execution, path);
    };
  }
  if (isListType(type)) {
    const complete = compileType(type.ofType, nodes, compiling);
    return (value, execution, prev) => {
      if (value === null) return null;
      if (!Array.isArray(value)) throw new Uncommon();
      return value.map((item, key) => complete(present(item), execution, { prev, key, typename: undefined }));
    };
  }
  if (isLeafType(type)) return (value) => (value === null ? null : serialize(type, value));
  // A type of several kinds, or one that is asked whether a row is of it: the schema has none where it is read often.
  if (!isObjectType(type) || type.isTypeOf) throw new Uncommon();
  const complete = compileSelection(type, nodes, compiling);
  return (value, execution, path) => (value === null ? null : complete(value, execution, path));
}

function serialize(type: GraphQLLeafType, value: unknown): unknown {
  // By far the most values.
  if (typeof value === 'string' && (type === GraphQLString || type === GraphQLID)) return value;
  const serialized = type.serialize(value);
  if (serialized === undefined || serialized === null) throw new Uncommon();
  return serialized;
}

/** Null where there is no value. */
function present(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'function') throw new Uncommon();
  if (typeof value === 'object' && (isPromise(value) || value instanceof Error)) throw new Uncommon();
  return value;
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
