import type { Answers } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { shanghaiDay } from '../../infra/clock/index.ts';
import { isSnapshotGone, momentOf, openSnapshot, type Snapshot } from '../../infra/mongo/index.ts';
import type { PublishedVersion } from '../forms/index.ts';
import {
  draftContext,
  noClaims,
  type DraftDoc,
  type MigratedRecord,
  type SubmissionDoc,
  type Submissions,
} from '../submissions/index.ts';
import type { CarryTo } from './carrying.ts';
import { noCounts, type LossCount, type MigrationCheck, type MigrationCounts } from './form-migrations.model.ts';
import type { MigrationHold } from './phase.ts';

/** Records that are judged between two looks at the signal. */
const PART = 500;
const MOST_SAMPLES = 20;
/** Of each way of being hit, so that a frequent one does not hide the others. */
const SAMPLES_OF_A_KIND = 3;
const MOST_LOSSES = 500;

/** Adds what became of records to the counts. */
export function addCounts(counts: MigrationCounts, records: readonly MigratedRecord[]): MigrationCounts {
  const sum = { ...counts };
  for (const { outcome, moves } of records) {
    sum.read += 1;
    sum[outcome] += 1;
    if (moves) sum.moved += 1;
  }
  return sum;
}

/** What is hit, by field and how, with some of the records that are, and of those that come to other answers. */
function createTally() {
  const losses = new Map<string, LossCount>();
  const samples: MigrationCheck['samples'] = [];
  const sampled = new Map<string, number>();

  const note = (key: string, code: string, missing: boolean, what: 'records' | 'drafts'): void => {
    const name = `${key} ${code} ${missing}`;
    let loss = losses.get(name);
    if (!loss) {
      if (losses.size >= MOST_LOSSES) return;
      losses.set(name, (loss = { key, code, missing, records: 0, drafts: 0 }));
    }
    loss[what] += 1;
  };

  return {
    record({ doc, outcome, lost, missing }: MigratedRecord): void {
      for (const { key, code } of lost) note(key, code, false, 'records');
      for (const { key, code } of missing) note(key, code, true, 'records');
      if (outcome === 'same') return;
      const first = [...missing, ...lost][0];
      const kind = `${outcome} ${first?.key ?? ''} ${first?.code ?? ''}`;
      const seen = sampled.get(kind) ?? 0;
      if (seen >= SAMPLES_OF_A_KIND || samples.length >= MOST_SAMPLES) return;
      sampled.set(kind, seen + 1);
      const bare = (losses: { key: string; code: string }[]) => losses.map(({ key, code }) => ({ key, code }));
      samples.push({ id: doc._id, outcome, lost: bare(lost), missing: bare(missing) });
    },
    draft(lost: readonly { key: string; code: string }[]): void {
      for (const { key, code } of lost) note(key, code, false, 'drafts');
    },
    result: () => ({
      losses: [...losses.values()].sort((a, b) => b.records + b.drafts - (a.records + a.drafts)),
      // What goes over whole comes last.
      samples: [...samples].sort((a, b) => Number(a.outcome === 'changed') - Number(b.outcome === 'changed')),
    }),
  };
}

/** What a dry run tells on its way. */
type Progress = (done: number, total: number) => Promise<void>;

/**
 * Counts what a migration would come to, of one moment, whatever is written meanwhile; by the code that migrates. Nothing is
 * written. Begins anew when the database no longer has its moment.
 */
export function createCheck(deps: Deps, { submissions }: { submissions: Submissions }) {
  const { mongo, cipher, clock } = deps;

  async function countRecords(
    snapshot: Snapshot,
    target: PublishedVersion,
    { carry, dropLost, tally, progress }: Parts,
  ): Promise<MigrationCounts> {
    const filter = submissions.migration.filter(target.key, target.version);
    const [found] = await snapshot.aggregate<{ n: number }>('submissions', [{ $match: filter }, { $count: 'n' }]);
    const total = found?.n ?? 0;
    const claims = noClaims();
    let counts = noCounts();
    let part: SubmissionDoc[] = [];
    const flush = async () => {
      const records = await submissions.migration.judge(part, { target, dropLost, carry }, claims);
      counts = addCounts(counts, records);
      records.forEach(tally.record);
      part = [];
      await progress(counts.read, total);
    };
    const cursor = snapshot.find<SubmissionDoc>('submissions', filter, { sort: { _id: 1 }, batchSize: PART });
    try {
      for await (const doc of cursor) {
        part.push(doc);
        if (part.length === PART) await flush();
      }
      await flush();
    } finally {
      await cursor.close();
    }
    return counts;
  }

  async function countDrafts(
    snapshot: Snapshot,
    target: PublishedVersion,
    { carry, tally, signal }: Pick<Parts, 'carry' | 'tally' | 'signal'>,
  ): Promise<MigrationCheck['drafts']> {
    const drafts = { read: 0, lossy: 0 };
    const today = shanghaiDay(clock());
    const cursor = snapshot.find<DraftDoc>(
      'drafts',
      { formKey: target.key, version: { $lt: target.version } },
      { sort: { _id: 1 }, batchSize: PART },
    );
    try {
      for await (const { accountId, formKey, version, sealed } of cursor) {
        if (drafts.read % PART === 0) signal.throwIfAborted();
        const answers = cipher.openJson<Answers>(sealed, draftContext(accountId, formKey));
        const { lost } = await carry(version, answers, today);
        // Hidden answers stay in a draft; what is worked out costs nobody anything.
        const hit = lost.filter(({ code }) => code !== 'hidden' && code !== 'recomputed');
        drafts.read += 1;
        if (hit.length > 0) drafts.lossy += 1;
        tally.draft(hit);
      }
    } finally {
      await cursor.close();
    }
    return drafts;
  }

  interface Parts {
    carry: CarryTo;
    dropLost: boolean;
    tally: ReturnType<typeof createTally>;
    progress: Progress;
    signal: AbortSignal;
  }

  return async function check(
    hold: MigrationHold,
    target: PublishedVersion,
    carry: CarryTo,
    { progress, signal }: { progress: Progress; signal: AbortSignal },
  ): Promise<MigrationCheck> {
    for (;;) {
      const snapshot = await openSnapshot(mongo);
      const tally = createTally();
      const parts: Parts = { carry, dropLost: hold.doc.dropLost, tally, progress, signal };
      try {
        const records = await countRecords(snapshot, target, parts);
        const drafts = await countDrafts(snapshot, target, parts);
        return { at: momentOf(snapshot.at), records, drafts, ...tally.result() };
      } catch (error) {
        if (!isSnapshotGone(error)) throw error;
      }
    }
  };
}

export type Check = ReturnType<typeof createCheck>;
