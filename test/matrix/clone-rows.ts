import pg from 'pg';

export type Clones = {
  /** Copies a row of a table so many times, each with an id and unique texts of its own, at one of a few instants. */
  clone(table: string, id: string, count: number): Promise<string[]>;
  remove(table: string, ids: string[]): Promise<void>;
  sql<Row = any>(text: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
};

type Table = {
  /** Whose rows are told apart by a number that the table gives. */
  key: 'id' | 'seq';
  columns: string[];
  /** Such as may say anything. */
  texts: string[];
  numbers: string[];
  times: string[];
  /** Table by column. */
  references: Record<string, string>;
  /** `where` is the condition of a partial one. */
  uniques: { columns: string[]; where: string | null }[];
};

/** What says whose a row is: that stays. */
const tenant = ['project_id', 'environment', 'connection_id', 'team_id'];

/** Makes rows as their table has them, whatever the table: as the owner of all. @param random whole numbers below its argument. */
export async function openClones(databaseUrl: string, random: (below: number) => number): Promise<Clones> {
  const owner = new pg.Client(databaseUrl);
  await owner.connect();
  const tables = new Map<string, Table>();
  const sql: Clones['sql'] = async (text, values) => (await owner.query(text, values)).rows;
  let serial = 0;

  /** As in ids of ours: 26 digits of base 32. They sort anywhere among the others. */
  const digits = () => `0${Array.from({ length: 25 }, () => random(32).toString(32)).join('')}`;

  /** Near the row's own, and often equal to another's. */
  const instant = (of: string) => new Date(Date.parse(of) + random(3) - 1).toISOString();

  const clones: Clones = {
    sql,
    clone,
    async remove(table, ids) {
      if (table === 'entitlement') {
        await sql(`delete from feature_grant where customer_id || '-' || feature_id = any($1)`, [ids]);
        return;
      }
      if (table === 'subscription_revenue') {
        for (const of of ['revenue_movement', table])
          await sql(`delete from ${of} where subscription_id = any($1)`, [ids]);
        return clones.remove('subscription', ids);
      }
      const { key } = await known(table);
      await sql(`delete from ${table} where ${key}::text = any($1)`, [ids]);
    },
    close: () => owner.end(),
  };
  return clones;

  async function clone(table: string, id: string, count: number): Promise<string[]> {
    if (table === 'entitlement') return cloneEntitlement(id, count);
    if (table === 'subscription_revenue') return cloneRevenue(id, count);
    const { key, columns, times, ...of } = await known(table);
    const within = of.uniques.map(({ where }) => where ?? 'true');
    const text = `select to_jsonb(t) as row, json_build_array(${within}) as within from ${table} t where ${key}::text = $1`;
    const [{ row, within: counts }] = await sql(text, [id]);
    of.uniques = of.uniques.filter((_, n) => counts[n]);
    const ids: string[] = [];
    for (let n = 0; n < count; n++) {
      const copy = { ...row, ...(await unique(of, row)) };
      if (key === 'id') copy.id = `${id.slice(0, id.lastIndexOf('_'))}_${digits()}`;
      for (const column of times) copy[column] = instant(row[column]);
      const [made] = await sql(
        `insert into ${table} (${columns}) select ${columns} from jsonb_populate_record(null::${table}, $1) returning ${key}::text as id`,
        [JSON.stringify(copy)],
      );
      ids.push(made.id);
    }
    return ids;
  }

  /** Of the view: as many features are granted to the same customer. */
  async function cloneEntitlement(id: string, count: number): Promise<string[]> {
    const [customer, feature] = id.split('-') as [string, string];
    const made = await clone('feature', feature, count);
    for (const another of made)
      await sql(
        `insert into feature_grant select (jsonb_populate_record(g, jsonb_build_object('id', $3::text, 'feature_id', $4::text))).*
         from feature_grant g where customer_id = $1 and feature_id = $2`,
        [customer, feature, `fgr_${digits()}`, another],
      );
    return made.map((another) => `${customer}-${another}`);
  }

  /** As many subscriptions with the revenue of this one, which has no id of its own, and its movements. */
  async function cloneRevenue(id: string, count: number): Promise<string[]> {
    const made = await clone('subscription', id, count);
    for (const another of made)
      for (const table of ['subscription_revenue', 'revenue_movement'])
        await sql(
          `insert into ${table} select (jsonb_populate_record(t, to_jsonb(t) || jsonb_build_object('subscription_id', $2::text)
             || case when to_jsonb(t) ? 'id' then jsonb_build_object('id', 'rmv_' || md5($2 || t.ctid::text)) else '{}' end)).*
           from ${table} t where subscription_id = $1`,
          [id, another],
        );
    return made;
  }

  /** Other values, where no two rows may have the same. */
  async function unique({ uniques, texts, numbers, references }: Omit<Table, 'key' | 'columns' | 'times'>, row: any) {
    const others: Record<string, string | number> = {};
    for (const { columns, where } of uniques) {
      if (columns.some((column) => column in others || row[column] === null)) continue;
      const text = columns.find((column) => texts.includes(column) && !(column in references));
      const number = columns.find((column) => numbers.includes(column));
      if (text) others[text] = `${row[text]}~${serial++}`;
      else if (number) others[number] = row[number] + ++serial;
      else {
        const parents = columns.filter((column) => column in references && !tenant.includes(column));
        const reference = where ? parents.toSorted()[0] : parents[0];
        if (!reference) continue;
        [others[reference]] = (await clone(references[reference]!, row[reference], 1)) as [string];
      }
    }
    return others;
  }

  async function known(table: string): Promise<Table> {
    const before = tables.get(table);
    if (before) return before;
    const [found] = await sql(
      `select
         (select json_object_agg(attname, attidentity = '' and attgenerated = '') from pg_attribute
          where attrelid = $1::regclass and attnum > 0 and not attisdropped) as columns,
         (select json_agg(attname) from pg_attribute
          where attrelid = $1::regclass and attnum > 0 and atttypid = 'text'::regtype and not exists (
            select from pg_constraint c where c.conrelid = attrelid and c.contype = 'c' and attnum = any(c.conkey))) as texts,
         (select coalesce(json_agg(attname), '[]') from pg_attribute
          where attrelid = $1::regclass and attnum > 0 and atttypid = 'integer'::regtype) as numbers,
         (select coalesce(json_object_agg(a.attname, c.confrelid::regclass::text), '{}') from pg_constraint c
          join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
          where c.conrelid = $1::regclass and c.contype = 'f') as references,
         (select coalesce(json_agg(json_build_object('where', pg_get_expr(i.indpred, i.indrelid), 'columns',
           (select json_agg(attname) from pg_attribute where attrelid = i.indrelid and attnum = any(i.indkey)))), '[]')
          from pg_index i where i.indrelid = $1::regclass and i.indisunique and not i.indisprimary) as uniques`,
      [table],
    );
    const columns = Object.keys(found.columns).filter((column) => found.columns[column] && column !== 'seq');
    const made: Table = {
      key: columns.includes('id') ? 'id' : 'seq',
      columns,
      numbers: found.numbers,
      texts: found.texts.filter((column: string) => !tenant.includes(column)),
      times: ['created_at', 'received_at'].filter((column) => columns.includes(column)),
      references: found.references,
      uniques: found.uniques,
    };
    tables.set(table, made);
    return made;
  }
}
