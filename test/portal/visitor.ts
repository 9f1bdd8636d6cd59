import { CreatePortalSessionDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, testPublicUrl } from '../rig/billgraph.ts';
import { ask } from '../rig/graph.ts';

export type Seen = { status: number; text: string; headers: Headers; path: string };

/** A browser without script: keeps cookies by their path, follows redirects, fills in forms. */
export class Visitor {
  readonly billgraph: { url: string };
  private readonly cookies = new Map<string, { path: string; value: string }>();

  constructor(billgraph: { url: string }) {
    this.billgraph = billgraph;
  }

  /** Goes to an address of the portal, and where it leads. */
  async go(to: string, request: RequestInit = {}): Promise<Seen> {
    let path = to.replace(testPublicUrl, '');
    let init = request;
    for (;;) {
      const cookie = [...this.cookies]
        .filter(([, { path: of }]) => path.startsWith(of))
        .map(([name, { value }]) => `${name.split(' ')[0]}=${value}`);
      const headers = { ...(cookie.length ? { cookie: cookie.join('; ') } : {}), ...(init.headers as object) };
      const answer = await fetch(`${this.billgraph.url}${path}`, { ...init, headers, redirect: 'manual' });
      for (const set of answer.headers.getSetCookie()) {
        const [, name, value, of] = /^([^=]+)=([^;]*); Path=([^;]+)/.exec(set)!;
        this.cookies.set(`${name} ${of}`, { path: of!, value: value! });
      }
      if (answer.status !== 303)
        return { status: answer.status, text: await answer.text(), headers: answer.headers, path };
      path = answer.headers.get('location')!;
      init = {};
    }
  }

  /** Sends the form of a page that goes to such an address, with what is typed. */
  submit(page: Seen, action: string | RegExp, typed: Record<string, string> = {}, headers: object = {}): Promise<Seen> {
    const form = formOf(page, action);
    return this.go(form.action, {
      method: 'POST',
      headers: { origin: testPublicUrl, 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams({ ...form.fields, ...typed }).toString(),
    });
  }
}

/** The form of a page that goes to such an address. */
export function formOf(
  { text, path }: Seen,
  action: string | RegExp,
): { action: string; fields: Record<string, string> } {
  for (const [, to, inside] of text.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/gs)) {
    if (typeof action === 'string' ? !to!.endsWith(action) : !action.test(to!)) continue;
    const fields = [...inside!.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
    return { action: to!, fields: Object.fromEntries(fields.map(([, name, value]) => [name, value])) };
  }
  throw new Error(`There is no form ${action} at ${path}: ${text}`);
}

/** The link of a new portal of our own. */
export async function portalLink(billgraph: Billgraph, apiKey: string, input: object): Promise<string> {
  const given = { returnUrl: 'https://app.example.com/account', kind: 'BILLGRAPH', ...input };
  const { data, errors } = await ask(billgraph, apiKey, CreatePortalSessionDocument, { input: given });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.createPortalSession.url;
}
