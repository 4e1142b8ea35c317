import type { Repository } from './repository.ts';

/** Commits that a lab releases, each other than `base` in one thing. */
export const VARIANTS = ['plain', 'throws', 'refuses', 'expand', 'contract'] as const;
export type Variant = (typeof VARIANTS)[number];

const MIGRATIONS = 'server/migrations/index.ts';
const registered = (text: string) =>
  text
    .replace(/^import \* as indexes/m, "import * as lab from './2026-12-01-lab.ts';\nimport * as indexes")
    .replace(/(: readonly Migration\[\] = \[[^\]]*)\]/, '$1, lab]');

/** Adds a commit of a kind under a tag. A plain one has other pages, so that its assets have other names. */
export function addVariant(repository: Repository, variant: Variant, tag: string): void {
  const asset = `L${tag.replace(/\W/g, '').slice(-3).padStart(3, '0')}`;
  const change: Record<Variant, Record<string, (text: string) => string>> = {
    plain: {},
    // Dies before it listens; its migration, which is of the same program, goes well.
    throws: {
      'server/src/main.ts': (text) =>
        `${text}\nif (process.env['ROLE'] !== 'migrate') throw new Error('this release does not start');\n`,
    },
    // Starts, is ready, and answers an ordinary request wrongly.
    refuses: {
      'server/src/features/forms/forms.citizen.controller.ts': (text) =>
        text.replace('async listOpenForms() {', "$&\n    if (Date.now()) throw new Error('broken');"),
    },
    expand: {
      [MIGRATIONS]: registered,
      'server/migrations/2026-12-01-lab.ts': () => migration('labExpanded', false),
    },
    contract: {
      [MIGRATIONS]: registered,
      'server/migrations/2026-12-01-lab.ts': () => migration('labContracted', true),
    },
  };
  repository.commit(tag, change[variant], asset);
}

const migration = (name: string, contract: boolean) => `import type { Db } from 'mongodb';

export const id = '2026-12-01-lab';
${contract ? 'export const contract = true;\n' : ''}
/** An index that is not needed, on a field that nothing else knows. */
export async function up(db: Db): Promise<void> {
  await db.collection('people').createIndex({ ${name}: 1 }, { name: '${name}', sparse: true });
}
`;
