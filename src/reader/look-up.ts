import type { Request } from './print.ts';
import { type Column, sqlOf, type Table } from './table.ts';

/**
 * What a row is looked up by: the value of a column, one of several, or that of columns of the row that a reference leads to.
 * The values come with each request, in the order of the columns.
 */
export type Condition =
  | { column: Column; kind: 'is' | 'any' }
  | { column: Column; kind: 'through'; target: Condition[] };

/** A condition on the root's rows that is no equality. Its name stands for its text: the values come with each request. */
export type Match = {
  name: string;
  sql(alias: string, ...values: string[]): string;
  values: unknown[];
};

/** The conditions on a table, given its alias. */
export type Conditions = (alias: string) => string[];

type Printer = {
  parameter(value: (request: Request) => unknown): string;
  visible(table: Table, alias: string): string[];
};

/** Prints what the root is looked up by. It may stand in the statement twice, with the same parameters: in a page and its count. */
export function lookUp(
  printer: Printer,
  { where, matches = [] }: { where: Condition[]; matches?: Match[] },
): Conditions {
  const equal = equalities(printer, where, { at: 0 });
  const matched = matches.map(({ sql, values }, at) => {
    const parameters = values.map((_, index) => printer.parameter((request) => request.matches[at]!.values[index]));
    return (alias: string) => `(${sql(alias, ...parameters)})`;
  });
  return (alias) => [...equal(alias), ...matched.map((match) => match(alias))];
}

function equalities(printer: Printer, where: Condition[], next: { at: number }): Conditions {
  const wanted = where.map((condition) => {
    const value = wantedOf(printer, condition, next);
    return (alias: string) => `${sqlOf(condition.column, alias)} = ${value}`;
  });
  return (alias) => wanted.map((condition) => condition(alias));
}

function wantedOf(printer: Printer, condition: Condition, next: { at: number }): string {
  if (condition.kind === 'through') {
    const target = condition.column.target!;
    const found = [...printer.visible(target, 'o'), ...equalities(printer, condition.target, next)('o')];
    return `(select o."id" from ${target.name} o where ${found.join(' and ')} limit 1)`;
  }
  const at = next.at++;
  const parameter = printer.parameter(({ where }) => where[at]);
  return condition.kind === 'any' ? `any(${parameter})` : parameter;
}
