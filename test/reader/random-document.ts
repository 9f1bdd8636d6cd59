import { type GraphQLField, type GraphQLObjectType, type GraphQLSchema, getNamedType, isObjectType } from 'graphql';

/** `variables` makes other values at each call, so that one document is asked in many ways. */
export type RandomDocument = { text: string; variables(): Record<string, unknown> };

/**
 * A valid query of one root field: fields under aliases and twice, fragments, pages of every kind, `@skip` and `@include`.
 * @param cursors to begin and end pages at.
 */
export function randomDocument(
  schema: GraphQLSchema,
  random: (below: number) => number,
  { ids, cursors }: { ids: string[]; cursors: string[] },
): RandomDocument {
  const pick = <T>(values: readonly T[]): T => values[random(values.length)]!;
  const values: [name: string, value: () => unknown][] = [];
  const declared: string[] = [];
  let serial = 0;
  const variable = (type: string, value: () => unknown) => {
    const name = `v${serial++}`;
    declared.push(`$${name}: ${type}`);
    values.push([name, value]);
    return `$${name}`;
  };

  const pageArgs = (): string => {
    const argument = (name: string, type: string, value: () => number | string) =>
      `${name}: ${random(2) ? JSON.stringify(value()) : variable(type, () => (random(3) ? value() : null))}`;
    const [size, from, to] = random(3) ? ['first', 'after', 'before'] : ['last', 'before', 'after'];
    const args = [
      random(4) ? argument(size!, 'Int', () => 1 + random(3)) : '',
      random(3) ? '' : argument(from!, 'String', () => pick(cursors)),
      random(6) ? '' : argument(to!, 'String', () => pick(cursors)),
    ].filter(Boolean);
    return args.length ? `(${args.join(', ')})` : '';
  };

  const argsOf = ({ args }: GraphQLField<unknown, unknown>): string => {
    if (args.some(({ name }) => name === 'first')) return pageArgs();
    if (args.some(({ name }) => name === 'id')) return `(id: ${JSON.stringify(pick(ids))})`;
    return '';
  };

  const fieldOf = (field: GraphQLField<unknown, unknown>, depth: number): string => {
    const type = getNamedType(field.type);
    const args = argsOf(field);
    // A field with arguments has an alias of its own, so that two of them never mean different things by one name.
    const alias = args || !random(4) ? `f${serial++}: ` : '';
    const switched = random(8)
      ? ''
      : ` ${pick(['@skip', '@include'])}(if: ${variable('Boolean!', () => random(2) > 0)})`;
    const selection = isObjectType(type) ? ` ${selectionOf(type, depth)}` : '';
    return `${alias}${field.name}${args}${switched}${selection}`;
  };

  const selectionOf = (type: GraphQLObjectType, depth: number): string => {
    const fields = Object.values(type.getFields()).filter(
      (field) => field.name !== 'formatted' && (depth > 0 || !isObjectType(getNamedType(field.type))),
    );
    const chosen = Array.from({ length: 1 + random(4) }, () =>
      fieldOf(pick(fields.length ? fields : [type.getFields().nodes!]), depth - 1),
    );
    const text = [...chosen, ...(random(3) ? [] : ['__typename'])].join(' ');
    return pick([
      `{ ${text} }`,
      `{ ${text} }`,
      `{ ... on ${type.name} { ${text} } ${chosen[0]} }`,
      `{ ... { ${text} } }`,
    ]);
  };

  const roots = Object.values(schema.getQueryType()!.getFields()).filter(({ name }) => name !== 'customerByEmail');
  const root = pick(roots);
  const selection = selectionOf(getNamedType(root.type) as GraphQLObjectType, 2 + random(6));
  const body = `${root.name}${argsOf(root)} ${selection}`;
  return {
    text: `query${declared.length ? `(${declared.join(', ')})` : ''} { ${body} }`,
    variables: () => Object.fromEntries(values.map(([name, value]) => [name, value()])),
  };
}
