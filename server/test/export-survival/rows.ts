import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FormContent } from '../../shared/fields/types.ts';
import type { Deps } from '../../src/deps.ts';
import { listsOf, submissionModel, type SubmissionDoc } from '../../src/features/submissions/index.ts';

export const FORM = 'exported';
const FIELDS = Array.from({ length: 13 }, (_, n) => `text${n}`);

/** With what is said of a submission itself, 20 columns. */
export const content: FormContent = {
  title: { 'zh-CN': '导出证明' },
  steps: [
    {
      key: 'only',
      title: { 'zh-CN': '一' },
      fields: [
        ...FIELDS.map((key) => ({ key, kind: 'text' as const, label: { 'zh-CN': key } })),
        { key: 'phone', kind: 'phone' as const, label: { 'zh-CN': '手机号' } },
      ],
    },
  ],
};

/** As the collection holds it: what an import notes to find unchanged rows is not needed here. */
type Stored = Omit<SubmissionDoc, 'answersHash'>;

/** A stored submission number `n`; what it says changes with `version`. */
export function submission({ mongo, cipher }: Deps, n: number, version = 0): Stored {
  const _id = new mongo.base.Types.ObjectId();
  const phone = `138${String(n % 1e8).padStart(8, '0')}`;
  const at = new Date(1_790_000_000_000 + n * 10);
  return {
    _id,
    formKey: FORM,
    version: 1,
    personId: null,
    claimed: false,
    source: 'import',
    status: 'submitted',
    answers: Object.fromEntries(FIELDS.map((key, at_) => [key, `${valueOf(n, version)} ${at_}`])),
    sealed: cipher.sealJson({ phone }, `submission.answers:${String(_id)}`),
    facets: [],
    listed: listsOf(FORM, [], []),
    name: `居民${n}`,
    receiptNumber: receiptOf(n),
    scope: { regionPath: [], orgPath: [], createdBy: 'proof' },
    rev: 1,
    history: [],
    submittedAt: at,
    updatedAt: at,
    deletedAt: null,
    deletedBy: null,
  };
}

export const receiptOf = (n: number): string => `20261121-${n.toString(36).toUpperCase().padStart(8, '0')}`;
export const valueOf = (n: number, version: number): string => `登记内容 ${n} 第 ${version} 次`;

/** The first half stays as it is: by construction each of these is in any export once. */
export const isStable = (n: number, rows: number): boolean => n < rows / 2;

export async function insertRows(deps: Deps, rows: number): Promise<void> {
  const { collection } = submissionModel(deps.mongo);
  for (let from = 0; from < rows; from += 2_000) {
    const some = Array.from({ length: Math.min(2_000, rows - from) }, (_, at) => submission(deps, from + at));
    await collection.insertMany(some as never[], { ordered: false });
  }
}

export interface Writers {
  /** Writes so far. */
  count(): number;
  stop(): Promise<void>;
}

/** Inserts, changes, deletes and moves to the recycle bin, `perSecond` of them, until they are stopped. */
export function startWriters(deps: Deps, rows: number, perSecond: number): Writers {
  const { collection } = submissionModel(deps.mongo);
  const TICK_MS = 50;
  const each = Math.ceil((perSecond * TICK_MS) / 1_000);
  let next = rows;
  let done = 0;
  let over = false;
  const unstable = () => Math.floor(rows / 2 + (randomBytes(4).readUInt32BE() / 2 ** 32) * (next - rows / 2));
  const operation = (kind: number) => {
    const filter = { receiptNumber: receiptOf(unstable()) };
    if (kind < 4) return { insertOne: { document: submission(deps, next++) } };
    if (kind < 7) return { updateOne: { filter, update: { $set: { 'answers.text0': valueOf(next, done) } } } };
    if (kind < 8) return { deleteOne: { filter } };
    return { updateOne: { filter, update: { $set: { deletedAt: kind < 9 ? new Date() : null } } } };
  };
  const loop = (async () => {
    while (!over) {
      const began = performance.now();
      const operations = Array.from({ length: each }, (_, at) => operation(at % 10));
      await collection.bulkWrite(operations as never[], { ordered: false });
      done += operations.length;
      await sleep(Math.max(0, TICK_MS - (performance.now() - began)));
    }
  })();
  return {
    count: () => done,
    stop: async () => {
      over = true;
      await loop;
    },
  };
}
