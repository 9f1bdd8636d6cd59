/** Columns by property, as SQL. */
type Columns = Readonly<Record<string, string>>;

/** SQL: whether a value of a feature is without a limit. No limit stands at those of other types either. */
export const hasNoLimit = (at: Columns) =>
  `${at.limitValue} is null and (select f.type from feature f where f.id = ${at.feature}) = 'LIMIT'`;
