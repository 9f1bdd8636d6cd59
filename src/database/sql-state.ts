/** PostgreSQL's five-character code of a failed statement; undefined where the database was not reached, or another thing failed. */
export function sqlStateOf(failure: unknown): string | undefined {
  const code = codeOf(failure);
  return /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E') ? code : undefined;
}

/** What PostgreSQL says of U+0000 in the text of a statement. */
const nullCharacter = '08P01';

/**
 * Whether the data itself is at fault, so that trying again is useless: bad values (class 22), a constraint (23), a
 * document that is nested too deeply (54), or U+0000.
 */
export function isDataFault(failure: unknown): boolean {
  return ['22', '23', '54'].includes(classOf(failure)) || sqlStateOf(failure) === nullCharacter;
}

/** Whether the database is down, restarts, is out of connections, or gave way in a deadlock: the same will do later. */
export function isDatabaseTrouble(failure: unknown): boolean {
  if (isDataFault(failure)) return false;
  const { message = '' } = (failure ?? {}) as { message?: string };
  return (
    ['08', '40', '53', '55', '57', '58'].includes(classOf(failure)) ||
    /^E(CONN|PIPE|TIMEDOUT|HOST|NET|NOTFOUND|AI_AGAIN)/.test(codeOf(failure)) ||
    /connection terminated|connection error|trying to connect|not queryable|query read timeout/i.test(message)
  );
}

const classOf = (failure: unknown) => sqlStateOf(failure)?.slice(0, 2) ?? '';

function codeOf(failure: unknown): string {
  const { code } = (failure ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
