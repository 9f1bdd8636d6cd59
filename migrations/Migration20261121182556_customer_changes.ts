import { Migration } from '@mikro-orm/migrations';

export class Migration20261121182556_customer_changes extends Migration {
  override name = 'Migration20261121182556_customer_changes';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "customer_change" ("seq" bigserial primary key, "project_id" text not null, "environment" text not null, "customer_id" text null, "changes" bigint not null default '1', "is_total" boolean not null default false, "created_at" timestamptz not null default now());`,
    );
    this.addSql(
      `create index customer_change_of_customer on customer_change (customer_id) include (changes) where customer_id is not null;`,
    );
    this.addSql(
      `create index customer_change_of_side on customer_change (project_id, environment) include (changes) where customer_id is null;`,
    );
    this.addSql(`create index customer_change_unmerged on customer_change (seq) where not is_total;`);

    this.addSql(
      `alter table "customer_change" add constraint "customer_change_environment_check" check ("environment" in ('TEST', 'LIVE'));`,
    );
    this.addSql(`alter table "customer_change" enable row level security;`);
    this.addSql(
      `create policy "everyone" on "customer_change" for select using ((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and customer_id is null);`,
    );
    this.addSql(
      `create policy "tenant" on "customer_change" using (((project_id, environment) = (select current_setting('billgraph.project_id', true), current_setting('billgraph.environment', true)) and (select current_setting('billgraph.customer_id', true)) = any (array['*', customer_id])) or (select current_setting('billgraph.reach', true)) = 'every tenant');`,
    );

    // Whoever adds a change tells of it, as soon as he commits: ids of customers, or `project/environment` for all of them, 200 together.
    this.addSql(`
      create function announce_customer_changes() returns trigger language plpgsql set search_path from current as $function$
      begin
        perform pg_notify('billgraph_customer_state', string_agg(subject, ' ' order by subject)) from (
          select subject, (row_number() over (order by subject) - 1) / 200 as part from (
            select distinct coalesce(customer_id, project_id || '/' || environment) as subject from added where not is_total
          ) subjects
        ) parts group by part;
        return null;
      end $function$;`);
    this.addSql(`
      create trigger announced after insert on customer_change
      referencing new table as added for each statement execute function announce_customer_changes();`);

    // Makes a table one of those of which the state of customers is made: each statement that changes its rows adds a change for each customer.
    // \`customer\` is SQL for the customer's id of a row \`x\`; null where a row is of all customers of its project and environment.
    // What changes only in the \`silent\` columns is no change.
    this.addSql(`
      create procedure watch_customer_state(
        watched text, customer text, events text[] default '{insert,update,delete}',
        key text[] default '{id}', silent text[] default '{evidence}'
      ) language plpgsql set search_path from current as $procedure$
      declare
        adds text := format(
          'insert into customer_change (project_id, environment, customer_id) select distinct x.project_id, x.environment, %s from ',
          coalesce(customer, 'null')
        );
        known text := case when customer is null then 'true' else format('(%s) is not null', customer) end;
        same text := (select string_agg(format('n.%1$I = o.%1$I', name), ' and ') from unnest(key) name);
        event text;
      begin
        execute format($format$
          create or replace function %1$I() returns trigger language plpgsql set search_path from current as $function$
          begin
            if tg_op = 'UPDATE' then
              %2$s before o join after n on %3$s cross join lateral (select o.* union all select n.*) x
              where to_jsonb(o) - %4$L::text[] is distinct from to_jsonb(n) - %4$L::text[] and %5$s;
            elsif exists (select from changed) then
              %2$s changed x where %5$s;
            end if;
            return null;
          end $function$
        $format$, 'note_' || watched, adds, same, silent, known);
        foreach event in array events loop
          execute format(
            'create or replace trigger %I after %s on %I referencing %s for each statement execute function %I()',
            'state_' || event, event, watched,
            case event
              when 'insert' then 'new table as changed'
              when 'update' then 'old table as before new table as after'
              else 'old table as changed'
            end,
            'note_' || watched
          );
        end loop;
      end $procedure$;`);
    this.addSql(`call watch_customer_state('customer', 'x.id');`);
    for (const table of ['subscription', 'invoice', 'active_entitlement'])
      this.addSql(`call watch_customer_state('${table}', 'x.customer_id');`);
    const ofSubscription = `(select s.customer_id from subscription s where s.id = x.subscription_id)`;
    for (const table of ['subscription_item', 'pending_change'])
      this.addSql(`call watch_customer_state('${table}', '${ofSubscription}');`);
    // A new one is nothing that a customer has already.
    this.addSql(`call watch_customer_state('product', null, '{update,delete}');`);
    this.addSql(`call watch_customer_state('price', null, '{update,delete}');`);
    this.addSql(`call watch_customer_state('project_settings', null, key => '{project_id,environment}');`);
  }
}
