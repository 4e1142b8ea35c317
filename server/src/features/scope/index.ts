/** Data scope: the one place where it is decided which documents a member of staff can reach. */
export {
  assertInScope,
  grantsFor,
  holdsEverywhere,
  inGrant,
  inScope,
  isEverywhere,
  narrowed,
  NOTHING,
  scopeFilter,
  type Scope,
} from './scope.ts';
export { scopeDefinition, scoped, totalOf } from './scope.model.ts';
export { stampScope, type Places } from './stamp.ts';
