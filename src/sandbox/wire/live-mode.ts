/** What the name of an account ends with whose keys are live: its objects are apart from those of every test key. */
export const liveAccount = 'Live';

/** An answer or a payload, as JSON, in the mode of its account. Objects are kept as they are made, in test mode. */
export function inModeOf(account: string, json: string): string {
  return account.endsWith(liveAccount) ? json.replaceAll(/"livemode":( ?)false/g, '"livemode":$1true') : json;
}
