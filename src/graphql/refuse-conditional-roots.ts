import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import { fragmentsOf } from './limit-documents.ts';

/**
 * A rule of validation: whether a subscription has a root field hangs on nothing. graphql-js throws where it hangs on a variable, or is
 * left out, instead of refusing it. So its own rules, which are beside this one, do not come to see such a document.
 */
export function refuseConditionalRoots(context: ValidationContext): ASTVisitor {
  return {
    Document(document) {
      const fragments = fragmentsOf(document);
      const refused = document.definitions.filter(
        (one) =>
          one.kind === Kind.OPERATION_DEFINITION &&
          one.operation === OperationTypeNode.SUBSCRIPTION &&
          isConditional(one.selectionSet, fragments, new Set()),
      );
      if (!refused.length) return undefined;
      for (const operation of refused)
        context.reportError(
          new GraphQLError('The root field of a subscription takes neither @skip nor @include.', {
            nodes: [operation],
          }),
        );
      return { ...document, definitions: [] };
    },
  };
}

/** @param seen names of fragments that were looked into: they may spread each other. */
function isConditional(
  { selections }: SelectionSetNode,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
  seen: Set<string>,
): boolean {
  return selections.some((selection) => {
    if (selection.directives?.some(({ name }) => ['skip', 'include'].includes(name.value))) return true;
    if (selection.kind === Kind.FIELD) return false;
    if (selection.kind === Kind.INLINE_FRAGMENT) return isConditional(selection.selectionSet, fragments, seen);
    const { value: name } = selection.name;
    const fragment = seen.has(name) ? undefined : fragments[name];
    return fragment !== undefined && isConditional(fragment.selectionSet, fragments, seen.add(name));
  });
}
