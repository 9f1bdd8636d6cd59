import { type GraphQLResolveInfo, Kind, type OperationDefinitionNode, type ResponsePath, visit } from 'graphql';
import type { Condition, Match } from './look-up.ts';
import type { InnerPage, Level, List, Planning } from './plan.ts';
import { printStatement, type Statement } from './print.ts';
import type { Table } from './table.ts';

/** A selection, compiled: its tree, its statement, and the lists in it whose pages each request brings along. */
export type Plan<Root> = { root: Root; statement: Statement; inner: InnerPage[] };

/** What shapes the plan of a root field, besides its selection. */
export type Shape = {
  table: Table;
  where: Condition[];
  matches: Match[];
  isCustomer: boolean;
  kind: 'row' | 'first' | 'last';
};

type Operation = { switches: string[]; plans: Map<string, Plan<Level | List>> };

/** Each switch of a document doubles its plans. As many are kept for one operation. */
const mostPlans = 64;

/**
 * Compiles each selection once. Plans live as long as their operation, which Apollo keeps while its document is asked for; they
 * are told apart by all that shapes a statement, and never by a value.
 */
export function createPlanCache() {
  const operations = new WeakMap<OperationDefinitionNode, Operation>();

  return <Root extends Level | List>(
    shape: Shape,
    info: GraphQLResolveInfo,
    build: (planning: Planning) => Root,
  ): Plan<Root> => {
    let operation = operations.get(info.operation);
    if (!operation) {
      operation = { switches: switchesOf(info), plans: new Map() };
      operations.set(info.operation, operation);
    }
    const key = keyOf(shape, info, operation.switches);
    const known = operation.plans.get(key);
    if (known) return known as Plan<Root>;

    const planning: Planning = { info, tables: 0, inner: [] };
    const root = build(planning);
    const plan = { root, statement: printStatement(root, shape), inner: planning.inner };
    const [oldest] = operation.plans.keys();
    if (oldest !== undefined && operation.plans.size >= mostPlans) operation.plans.delete(oldest);
    operation.plans.set(key, plan);
    return plan;
  };
}

/** The variables of `@skip(if:)`, `@include(if:)` and `last:`, whose truth or presence shapes the statement. */
function switchesOf({ operation, fragments }: GraphQLResolveInfo): string[] {
  const names = new Set<string>();
  visit(
    { kind: Kind.DOCUMENT, definitions: [operation, ...Object.values(fragments)] },
    {
      Argument({ name, value }) {
        if (value.kind === Kind.VARIABLE && (name.value === 'if' || name.value === 'last')) names.add(value.name.value);
      },
    },
  );
  return [...names];
}

function keyOf(
  { table, where, matches, isCustomer, kind }: Shape,
  info: GraphQLResolveInfo,
  switches: string[],
): string {
  let key = `${table.type.name} ${kind} ${isCustomer}`;
  for (const condition of where) key += ` ${nameOf(condition)}`;
  for (const { name } of matches) key += ` ${name}`;
  // Each step with its type: behind an interface, fields of one name may select differently. Places in lists are left out.
  for (let at: ResponsePath | undefined = info.path; at; at = at.prev) {
    if (at.typename) key += ` ${at.typename}.${at.key}`;
  }
  for (const name of switches) key += isOn(info.variableValues[name]) ? ' 1' : ' 0';
  return key;
}

const nameOf = (condition: Condition): string =>
  condition.kind === 'through'
    ? `${condition.column.property}(${condition.target.map(nameOf).join()})`
    : `${condition.column.property} ${condition.kind}`;

const isOn = (value: unknown) => value !== undefined && value !== null && value !== false;
