/// <reference types="vite/types/importMeta.d.ts" />
import { FIELD_KINDS } from '../kinds/index.ts';
import type { ByKind } from '../kinds/kind.ts';
import type { KindCases } from './case.ts';

export { CASES_TODAY, sample, type BadCase, type GoodCase, type GroupCase, type KindCases } from './case.ts';
export { SAMPLE_ORGANISATIONS, SAMPLE_PEOPLE } from './names.ts';
export { SAMPLE_REGIONS } from './regions.ts';

type Exports = Record<string, unknown>;

/** Everything that a kind's own file (`ratingCases()`) or a file beside this one (`date`) says by a kind's name. */
const found: Exports = Object.assign(
  {},
  ...Object.values(import.meta.glob<Exports>('./*.ts', { eager: true })).map((each) => each),
  ...Object.values(import.meta.glob<Exports>('../kinds/*.ts', { eager: true })).map((each) =>
    Object.fromEntries(
      Object.entries(each).flatMap(([name, make]) =>
        name.endsWith('Cases') && typeof make === 'function'
          ? [[name.slice(0, -'Cases'.length), (make as () => KindCases)()]]
          : [],
      ),
    ),
  ),
);

/** Good and bad values of every kind. Whatever reads, shows or writes values is tested against all of them. */
export const CASES = Object.fromEntries(
  FIELD_KINDS.map((kind) => {
    const cases = found[kind] as KindCases | undefined;
    if (!cases) throw new Error(`The kind ${kind} has no cases: export ${kind}Cases() from kinds/${kind}.ts`);
    return [kind, cases];
  }),
) as ByKind<KindCases>;
