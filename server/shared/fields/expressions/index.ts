/** The door for those who write rules as texts: the designer, its workbooks. */
export { parseCondition, parseExpression, type Parsed, type SyntaxFault } from './parse.ts';
export { printCondition, printExpression } from './print.ts';
export { namesIn, splitName } from './names.ts';
