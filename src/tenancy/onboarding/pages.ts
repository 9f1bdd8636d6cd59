import type { Role } from '../../identity/access/roles.ts';
import { html } from '../../pages/html.ts';
import type { Page } from '../../pages/page-document.ts';
import { type Fault, form } from './form.ts';
import { page } from './page.ts';

type Typed = Record<string, string>;

/** Where the first operator makes himself the owner. */
export const setupPage = (token: string, typed: Typed = {}, fault?: Fault): Page =>
  page(
    'Set up your account',
    html`<p>You will own the team of this installation, and can invite others.</p>
${form({ action: '/auth/setup', token, button: 'Create account' }, ['name', 'email', 'newPassword'], typed, fault)}`,
  );

const does: Record<Role, string> = {
  OWNER: 'as an owner',
  ADMIN: 'as an admin',
  MEMBER: 'as a member',
  VIEWER: 'as a viewer, who changes nothing',
};

export type Invited = { token: string; team: string; email: string; role: Role; isOperator: boolean };

/** Where an invited person joins: somebody new with a name and a password, an operator with the password that he has. */
export const invitationPage = (
  { token, team, email, role, isOperator }: Invited,
  typed: Typed = {},
  fault?: Fault,
): Page =>
  page(
    `Join ${team}`,
    html`<p><strong>${email}</strong> is invited to the team <strong>${team}</strong>, ${does[role]}.</p>
${isOperator && html`<p>You have an account here already: enter its password to join.</p>`}
${form({ action: '/auth/invitation', token, button: `Join ${team}` }, isOperator ? ['password'] : ['name', 'newPassword'], typed, fault)}`,
  );

/** Where both end. */
export const welcomePage = ({ name, email }: { name: string; email: string }): Page =>
  page(
    `Welcome, ${name}`,
    html`<p>You are signed in as <strong>${email}</strong>.</p>
<p class="quiet">Pages of this address can now ask the graph at <code>/graphql</code> in your name.</p>`,
  );

/** What does not work, and what to do. */
export const refusalPage = (title: string, message: string): Page => page(title, html`<p role="alert">${message}</p>`);
