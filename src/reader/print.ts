import { type Condition, type Conditions, lookUp, type Match } from './look-up.ts';
import { mostRows, type Page } from './page.ts';
import type { Level, List, One } from './plan.ts';
import { sqlOf, type Table, type Values } from './table.ts';

/** Whose rows may be read. A `customerId` restricts every table to that customer's own, and to what is the whole project's. */
export type Scope = { projectId: string; environment: string; customerId: string | null };

/** What changes from one execution of a statement to the next. */
export type Request = { scope: Scope; where: unknown[]; matches: Match[]; pages: Page[] };

export type Statement = { text: string; parameters: ((request: Request) => unknown)[] };

/** A select list, with the joins that it needs, while its levels are printed. */
type Select = { columns: { sql: string; isJson?: boolean }[]; joins: string[]; order: string[] };

/**
 * Prints a tree of levels as one statement.
 *
 * - A relation to one row is a left join. The row itself, as another type, is more columns of it.
 * - The only list of a level is a lateral join: its rows multiply those of the level, and fold.ts groups them again. That is
 *   the cheapest form by far, for one list. Of two, each would be repeated for every row of the other.
 * - So any other list is one column: its rows as a JSON array of arrays. Such a row is laid out as a row of the answer is, and
 *   its values are the same text, so that one fold serves both.
 * - A count is a column. The root's stands beside the page, so that an empty page has it too.
 *
 * Every table, joined ones included, has the conditions of the scope. Values never shape the text: `limit` is a parameter, and
 * a page without a cursor begins at `-infinity`. Within it stands a constant limit, because PostgreSQL's generic plan takes a
 * parameter for a tenth of the table, and would scan all of it.
 *
 * @param wanted what the root's rows are looked up by.
 */
export function printStatement(
  root: Level | List,
  { isCustomer, ...wanted }: { where: Condition[]; matches?: Match[]; isCustomer: boolean },
): Statement {
  const printer = new Printer(isCustomer);
  const conditions = lookUp(printer, wanted);
  return {
    text: 'columns' in root ? printer.rootRow(root, conditions) : printer.rootList(root, conditions),
    parameters: printer.parameters,
  };
}

class Printer {
  readonly parameters: Statement['parameters'] = [];
  private readonly project = this.parameter(({ scope }) => scope.projectId);
  private readonly environment = this.parameter(({ scope }) => scope.environment);
  private customer?: string;

  constructor(private readonly isCustomer: boolean) {}

  parameter(value: (request: Request) => unknown): string {
    return `$${this.parameters.push(value)}`;
  }

  rootRow(level: Level, conditions: Conditions): string {
    const select: Select = { columns: [], joins: [], order: [] };
    this.level(level, select);
    const { table, alias } = level;
    const where = [...this.visible(table, alias), ...conditions(alias)].join(' and ');
    if (select.order.length) select.order.unshift(`${alias}."id"`);
    return statement(select, [`${table.name} ${alias}`], `where ${where}`);
  }

  rootList(list: List, conditions: Conditions): string {
    const select: Select = { columns: [], joins: [], order: [] };
    const from: string[] = [];
    if (list.wantsTotal) {
      list.totalAt = add(select, 'total.count');
      from.push(`(${this.count(list, conditions)}) total`);
    }
    if (list.level) {
      const { table, alias } = list.level;
      const page = `(${this.page(list, alias, conditions)}) ${alias}`;
      from.push(list.wantsTotal ? `left join ${page} on true` : page);
      select.order.push(...inOrder(table, alias));
      this.level(list.level, select);
    }
    return statement(select, from);
  }

  private level(level: Level, select: Select) {
    level.at = select.columns.length;
    for (const column of level.columns) add(select, sqlOf(column, level.alias));
    for (const one of level.ones) {
      if (one.field.kind !== 'self') select.joins.push(this.one(one.field, one.level, level.alias));
      this.level(one.level, select);
    }
    for (const list of level.lists) this.list(list, level.alias, select);
  }

  private one(field: Exclude<One['field'], { kind: 'self' }>, { table, alias }: Level, parent: string): string {
    if (field.kind === 'one') {
      const on = [...this.inScope(table, alias), `${alias}."id" = ${sqlOf(field.column, parent)}`];
      return `left join ${table.name} ${alias} on ${on.join(' and ')}`;
    }
    const where = [...this.visible(table, alias), `${alias}.${field.column} = ${parent}."id"`].join(' and ');
    const preferred = field.prefer.map((values) => `(${has(alias, values)}) is true`);
    const order = [...preferred, ...inOrder(table, alias)].map((key) => `${key} desc`).join();
    const first = `select * from ${table.name} ${alias} where ${where} order by ${order} limit 1`;
    return `left join lateral (${first}) ${alias} on true`;
  }

  private list(list: List, parent: string, select: Select) {
    const conditions: Conditions = (alias) => [
      `${alias}.${list.column} = ${parent}."id"`,
      ...list.only.map((values) => has(alias, values)),
    ];
    if (list.wantsTotal) list.totalAt = add(select, `(${this.count(list, conditions)})`);
    if (!list.level) return;
    const { table, alias } = list.level;
    const page = `(${this.page(list, alias, conditions)}) ${alias}`;
    if (list.flat) {
      select.joins.push(`left join lateral ${page} on true`);
      select.order.push(...inOrder(table, alias));
      this.level(list.level, select);
      return;
    }
    const rows: Select = { columns: [], joins: [], order: inOrder(table, alias) };
    this.level(list.level, rows);
    const values = rows.columns.map(({ sql, isJson }) => (isJson ? sql : `to_json(${sql}::text)`));
    const from = [page, ...rows.joins].join(' ');
    list.at = add(
      select,
      `(select json_agg(array[${values.join()}] order by ${rows.order.join()}) from ${from})`,
      true,
    );
  }

  private page({ table, index, bounded, backwards, wantsMore }: List, alias: string, conditions: Conditions): string {
    const key = inOrder(table, alias);
    const bound = (comparison: '>' | '<', end: 'after' | 'before') => {
      const createdAt = this.parameter(({ pages }) => pages[index]![end].createdAt);
      const id = this.parameter(({ pages }) => pages[index]![end].id);
      return `(${key.join()}) ${comparison} (${createdAt}::timestamptz, ${id})`;
    };
    const bounds = bounded ? [bound('>', 'after'), bound('<', 'before')] : [];
    const where = [...this.visible(table, alias), ...conditions(alias), ...bounds].join(' and ');
    const order = key.map((column) => (backwards ? `${column} desc` : column)).join();
    const largest = `select * from ${table.name} ${alias} where ${where} order by ${order} limit ${mostRows + 1}`;
    const limit = this.parameter(({ pages }) => pages[index]!.size + (wantsMore ? 1 : 0));
    return `select * from (${largest}) ${alias} limit ${limit}`;
  }

  private count({ table }: List, conditions: Conditions): string {
    const where = [...this.visible(table, 'c'), ...conditions('c')].join(' and ');
    return `select count(*) from ${table.name} c where ${where}`;
  }

  visible(table: Table, alias: string): string[] {
    return [...this.inScope(table, alias), ...table.visible(alias)];
  }

  /** Taken where it is used: PostgreSQL refuses a parameter that nothing uses. */
  private customerParameter(): string {
    this.customer ??= this.parameter(({ scope }) => scope.customerId);
    return this.customer;
  }

  private inScope({ columns, owned }: Table, alias: string): string[] {
    return [
      `${alias}.${columns.get('projectId')!.name} = ${this.project}`,
      `${alias}.${columns.get('environment')!.name} = ${this.environment}`,
      ...(this.isCustomer ? owned(alias, () => this.customerParameter()) : []),
    ];
  }
}

function statement({ columns, joins, order }: Select, from: string[], where = ''): string {
  const list = columns.map(({ sql }) => sql).join();
  const tables = [...from, ...joins].join(' ');
  return `select ${list} from ${tables} ${where} ${order.length ? `order by ${order.join()}` : ''}`.trim();
}

/** @returns where the column will be in a row of the answer. */
function add({ columns }: Select, sql: string, isJson = false): number {
  return columns.push({ sql, isJson }) - 1;
}

/** The order of every list. */
function inOrder({ columns }: Table, alias: string): string[] {
  return ['createdAt', 'id'].map((property) => `${alias}.${columns.get(property)!.name}`);
}

const has = (alias: string, { column, values }: Values) => `${alias}.${column} in (${literals(values)})`;

const literals = (values: readonly string[]) => values.map((value) => `'${value.replaceAll("'", "''")}'`).join();
