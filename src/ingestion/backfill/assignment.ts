import { badInput, Refusal } from '../../errors.ts';

/** Which project an object of Stripe's goes to: all to one, or by the value of a metadata key. */
export type Assignment =
  | { projectId: string }
  | { metadata: { key: string; projects: { value: string; projectId: string }[] } };

/** The project for an object with this metadata; undefined where the rule names none. */
export function projectFor(assign: Assignment, metadata: Record<string, string> | null | undefined) {
  if ('projectId' in assign) return assign.projectId;
  const { key, projects } = assign.metadata;
  return projects.find(({ value }) => value === metadata?.[key])?.projectId;
}

/** @throws Refusal BAD_USER_INPUT for a rule that says nothing, NOT_FOUND for a project that is not the team's; with the field. */
export function checkAssignment(assign: Assignment, teamProjects: ReadonlySet<string>): void {
  const check = (projectId: string, field: string) => {
    if (!teamProjects.has(projectId)) throw new Refusal('NOT_FOUND', 'Your team has no such project.', { field });
  };
  if ('projectId' in assign) {
    check(assign.projectId, 'assign.projectId');
    return;
  }
  const { key, projects } = assign.metadata;
  const field = 'assign.metadata';
  if (!/^[^[\]\0]{1,40}$/.test(key) || !key.isWellFormed())
    throw badInput('A metadata key has 1 to 40 characters, and no square brackets.', `${field}.key`);
  if (!projects.length) throw badInput('Name at least one value and its project.', `${field}.projects`);
  const values = new Set<string>();
  for (const [index, { value, projectId }] of projects.entries()) {
    const at = `${field}.projects.${index}`;
    if (!value || value.length > 500 || value.includes('\0') || !value.isWellFormed())
      throw badInput('A metadata value has 1 to 500 characters.', `${at}.value`);
    if (values.has(value)) throw badInput('This value is named twice: it can go to one project only.', `${at}.value`);
    values.add(value);
    check(projectId, `${at}.projectId`);
  }
}
