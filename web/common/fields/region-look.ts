import { reactive, watch } from 'vue';
import type { Look } from '../../../server/shared/fields/types.ts';
import { regionPath } from './regions.ts';

/** Names for the regions of these codes, and of organisations. They arrive one by one; until then (or offline) the code stands. */
export function useRegionLook(codes: () => string[]): Look {
  const paths = reactive<Record<string, string[]>>({});
  watch(
    codes,
    (wanted) =>
      wanted.forEach((code) => {
        if (!code || paths[code]) return;
        regionPath(code).then(
          (path) => (paths[code] = path),
          () => undefined,
        );
      }),
    { immediate: true },
  );
  const names = reactive<Record<string, string>>({});
  return {
    organisations: {
      name(id) {
        if (names[id] !== undefined) return names[id] || undefined;
        names[id] = '';
        // Few forms name any.
        import('./references.ts')
          .then((references) => references.organisationName(id))
          .then(
            (name) => (names[id] = name),
            () => undefined,
          );
        return undefined;
      },
      find: () => undefined,
    },
    regions: {
      path: (code) => (paths[code] ? [paths[code]!.join(' ')] : []),
      name: () => undefined,
      find: () => undefined,
    },
  };
}
