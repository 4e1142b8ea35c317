import type { Issue } from '../../../../server/shared/fields/types.ts';

/** What a panel is told of the faults of its form. */
interface Told {
  issues: Issue[];
  say: (issue: Issue) => string;
}

/** The first thing wrong with what stands at a path, or with something inside it, in words. */
export function issueAt({ issues, say }: Told, path: string): string | null {
  const found = issues.find((one) => one.path === path || one.path.startsWith(`${path}.`));
  return found ? say(found) : null;
}
