import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  print,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** The document that a selection stands in, with the variables that switch parts of it on and off. */
export type Document = {
  schema: GraphQLSchema;
  fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  variableValues: Readonly<Record<string, unknown>>;
};

const rowKeys = new WeakMap<FieldNode, string>();

/**
 * The property of a row that holds a field: its name and its arguments as written. The same question twice, under whatever
 * aliases, is one property and is read once; another `first` is another.
 */
export function rowKey(node: FieldNode): string {
  if (!node.arguments?.length) return node.name.value;
  const known = rowKeys.get(node);
  if (known) return known;
  const key = `${node.name.value}(${node.arguments.map(print).sort().join()})`;
  rowKeys.set(node, key);
  return key;
}

/** The fields that these nodes select of an object of `type`, by row key, each with all the nodes that select it. */
export function fieldsOf(nodes: readonly FieldNode[], type: GraphQLObjectType, document: Document) {
  const fields = selectedOf(nodes, type, document, rowKey);
  fields.delete('__typename');
  return fields;
}

/** The same by a key of the caller's choice, in the order of the document, `__typename` included. */
export function selectedOf(
  nodes: readonly { selectionSet?: SelectionSetNode }[],
  type: GraphQLObjectType,
  document: Document,
  keyOf: (node: FieldNode) => string,
) {
  const fields = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  const collect = ({ selections }: SelectionSetNode) => {
    for (const selection of selections) {
      if (!isIncluded(selection, document)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = keyOf(selection);
        const others = fields.get(key);
        if (!others) fields.set(key, [selection]);
        else if (!others.includes(selection)) others.push(selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (applies(selection, type, document)) collect(selection.selectionSet);
      } else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = document.fragments[selection.name.value]!;
        if (applies(fragment, type, document)) collect(fragment.selectionSet);
      }
    }
  };
  for (const { selectionSet } of nodes) if (selectionSet) collect(selectionSet);
  return fields;
}

function isIncluded(selection: SelectionNode, { variableValues }: Document): boolean {
  if (!selection.directives?.length) return true;
  return (
    getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.if !== true &&
    getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.if !== false
  );
}

function applies(
  { typeCondition }: InlineFragmentNode | FragmentDefinitionNode,
  type: GraphQLObjectType,
  { schema }: Document,
): boolean {
  if (!typeCondition || typeCondition.name.value === type.name) return true;
  const wanted = schema.getType(typeCondition.name.value);
  return isAbstractType(wanted) && schema.isSubType(wanted, type);
}
