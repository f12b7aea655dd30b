// Rules about hardware values in TypeScript's own operators: they are objects, so `if (go)` is always true and `a === b` asks whether they are one object.
//
// Invariant: the type of an operand decides, not its name. A value that may be absent (`Bool | undefined`) may be asked whether it is there; what is partly a signal
// (`Bool | boolean`) may be compared, to find out which it is.

import ts from 'typescript';

export interface Finding {
  readonly code: 'LINT-S001' | 'LINT-S002' | 'LINT-S003' | 'LINT-S004' | 'LINT-S005';
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly help: string;
}

type Code = Finding['code'];

const MESSAGES: { readonly [C in Code]: (text: string) => Pick<Finding, 'message' | 'help'> } = {
  'LINT-S001': (text) => ({
    message: `\`${text}\` is hardware: as a condition of TypeScript it is always true, whatever its level`,
    help: 'write when(c, () => …) for statements, mux(c, a, b) for a value',
  }),
  'LINT-S002': (text) => ({
    message: `\`${text}\` is hardware: &&, || and ! look at the object, not at its level`,
    help: 'write a.and(b), a.or(b), a.not()',
  }),
  'LINT-S003': (text) => ({
    message: `\`${text}\` is hardware: == and switch ask whether two objects are one, not whether their values are equal`,
    help: 'write a.eq(b), a.ne(b), switchOn(x, { … })',
  }),
  'LINT-S004': (text) => ({
    message: `\`${text}\` is hardware: operators of TypeScript work on numbers and texts`,
    help: 'operators are methods: a.add(b), a.lt(b), a.shl(1), a.and(b)',
  }),
  'LINT-S005': (text) => ({
    message: `\`${text}\` is hardware: it has no value that a text could show`,
    help: 'put the name into the text yourself, or show sim.peek(path) in a simulation',
  }),
};

const K = ts.SyntaxKind;
const LOGIC = new Set([K.AmpersandAmpersandToken, K.BarBarToken, K.AmpersandAmpersandEqualsToken, K.BarBarEqualsToken]);
const EQUALITY = new Set([K.EqualsEqualsToken, K.EqualsEqualsEqualsToken, K.ExclamationEqualsToken, K.ExclamationEqualsEqualsToken]);
const ARITHMETIC = new Set([
  ...[K.PlusToken, K.MinusToken, K.AsteriskToken, K.SlashToken, K.PercentToken, K.AsteriskAsteriskToken],
  ...[K.AmpersandToken, K.BarToken, K.CaretToken, K.LessThanLessThanToken, K.GreaterThanGreaterThanToken, K.GreaterThanGreaterThanGreaterThanToken],
  ...[K.LessThanToken, K.LessThanEqualsToken, K.GreaterThanToken, K.GreaterThanEqualsToken],
  ...[K.PlusEqualsToken, K.MinusEqualsToken, K.AsteriskEqualsToken, K.SlashEqualsToken, K.PercentEqualsToken, K.AsteriskAsteriskEqualsToken],
  ...[K.AmpersandEqualsToken, K.BarEqualsToken, K.CaretEqualsToken, K.LessThanLessThanEqualsToken, K.GreaterThanGreaterThanEqualsToken],
  K.GreaterThanGreaterThanGreaterThanEqualsToken,
]);

/** What the language's interfaces are declared in. */
const VALUES = /(^|\/)hdl\/value-types\.ts$/;
const NULLISH = ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Void;

/** What is wrong in a file, in the order of its text. */
export function findings(file: ts.SourceFile, checker: ts.TypeChecker): Finding[] {
  const found: Finding[] = [];

  const report = (code: Code, node: ts.Expression): void => {
    const { line, character } = file.getLineAndCharacterOfPosition(node.getStart(file));
    const text = node.getText(file).replace(/\s+/g, ' ');
    const shown = text.length > 40 ? `${text.slice(0, 39)}…` : text;
    found.push({ code, file: file.fileName, line: line + 1, column: character + 1, ...MESSAGES[code](shown) });
  };

  /** How much of an expression's type is hardware. */
  const share = (node: ts.Expression): { readonly some: boolean; readonly all: boolean; readonly absent: boolean } => {
    const type = checker.getTypeAtLocation(node);
    const parts = partsOf(checker.getBaseConstraintOfType(type) ?? type);
    const present = parts.filter((t) => !(t.flags & NULLISH));
    const hardware = present.filter((t) => isHardware(checker.getBaseConstraintOfType(t) ?? t));
    return { some: hardware.length > 0, all: hardware.length > 0 && hardware.length === present.length, absent: present.length < parts.length };
  };

  /** Whether it is hardware that cannot be absent, so that there is nothing to ask. */
  const isCertain = (node: ts.Expression): boolean => {
    const { some, absent } = share(node);
    return some && !absent;
  };

  const truth = (code: Code, wrapped: ts.Expression): void => {
    const node = bare(wrapped);
    // Its left side is looked at by itself; once that is found, the whole is.
    if (ts.isBinaryExpression(node) && LOGIC.has(node.operatorToken.kind)) {
      if (!isCertain(node.left)) truth(code, node.right);
    } else if (isCertain(node)) report(code, node);
  };

  const binary = ({ left, right, operatorToken: { kind } }: ts.BinaryExpression): void => {
    if (LOGIC.has(kind)) truth('LINT-S002', left);
    if (ARITHMETIC.has(kind)) for (const side of [left, right]) if (share(side).some) report('LINT-S004', side);
    if (EQUALITY.has(kind)) {
      const isNothing = (node: ts.Expression): boolean => (checker.getTypeAtLocation(node).flags & NULLISH) !== 0;
      const wrong = [left, right].find((side) => share(side).all);
      if (wrong && !isNothing(left) && !isNothing(right)) report('LINT-S003', wrong);
    }
  };

  const visit = (node: ts.Node): void => {
    if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) truth('LINT-S001', node.expression);
    else if (ts.isForStatement(node) && node.condition) truth('LINT-S001', node.condition);
    else if (ts.isConditionalExpression(node)) truth('LINT-S001', node.condition);
    else if (ts.isBinaryExpression(node)) binary(node);
    else if (ts.isSwitchStatement(node)) {
      if (share(node.expression).all) report('LINT-S003', node.expression);
    } else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      if (node.operator === K.ExclamationToken) truth('LINT-S002', node.operand);
      else if (share(node.operand).some) report('LINT-S004', node.operand);
    } else if (ts.isTemplateSpan(node)) {
      if (share(node.expression).some) report('LINT-S005', node.expression);
    } else if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.arguments[0]) {
      const { text } = node.expression;
      if (text === 'Boolean') truth('LINT-S001', node.arguments[0]);
      if ((text === 'String' || text === 'Number' || text === 'BigInt') && share(node.arguments[0]).some) report('LINT-S005', node.arguments[0]);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function bare(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node) ? bare(node.expression) : node;
}

function partsOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

/** Whether a type is a value of the language, by where its members are declared. */
function isHardware(type: ts.Type): boolean {
  const declaredIn = (property: string, owners: readonly string[]): boolean =>
    type.getProperty(property)?.declarations?.some((d) => {
      const owner = ts.findAncestor(
        d,
        (n): n is ts.InterfaceDeclaration | ts.TypeAliasDeclaration => ts.isInterfaceDeclaration(n) || ts.isTypeAliasDeclaration(n),
      );
      return owner !== undefined && owners.includes(owner.name.text) && VALUES.test(d.getSourceFile().fileName);
    }) ?? false;
  return declaredIn('named', ['Printable']) || declaredIn('kind', ['OfFields']);
}
