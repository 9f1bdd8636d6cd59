import { passwordLength } from '../../identity/operators/hash-password.ts';
import { type Html, html } from '../../pages/html.ts';

/** What was wrong with a form. `field` is the name of the input to blame. */
export type Fault = { message: string; field?: string };

type Field = { name: string; label: string; type?: string; value?: string; autocomplete: string; hint?: string };

const fields = {
  name: { name: 'name', label: 'Your name', autocomplete: 'name' },
  email: { name: 'email', label: 'Email', type: 'email', autocomplete: 'username' },
  newPassword: {
    name: 'password',
    label: 'Password',
    type: 'password',
    autocomplete: 'new-password',
    hint: `At least ${passwordLength.min} characters.`,
  },
  password: { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' },
} satisfies Record<string, Field>;

/** A form of some of the fields above, with what was typed before, that carries the link's token on. */
export function form(
  { action, token, button }: { action: string; token: string; button: string },
  names: (keyof typeof fields)[],
  typed: Record<string, string>,
  fault?: Fault,
): Html {
  return html`
${fault && html`<p class="wrong" role="alert" id="fault">${fault.message}</p>`}
<form method="post" action="${action}">
<input type="hidden" name="token" value="${token}">
${names.map((name) => input(fields[name], typed, fault))}
<button>${button}</button>
</form>`;
}

/** A password that was typed is not sent back. */
function input({ name, label, type, autocomplete, hint }: Field, typed: Record<string, string>, fault?: Fault): Html {
  const isWrong = fault?.field === name;
  const described = [hint && `${name}-hint`, isWrong && 'fault'].filter(Boolean).join(' ');
  return html`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type ?? 'text'}" autocomplete="${autocomplete}" required value="${type === 'password' ? '' : (typed[name] ?? '')}"${isWrong && html` aria-invalid="true" autofocus`}${described !== '' && html` aria-describedby="${described}"`}>
${hint && html`<p class="quiet" id="${name}-hint">${hint}</p>`}`;
}
