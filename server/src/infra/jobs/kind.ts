import type { Model, UpdateQuery } from 'mongoose';
import type { Text } from '../../../shared/fields/types.ts';
import type { WorkDoc } from './work.ts';

/** A document that was given up, as operators see it. */
export interface DeadWork {
  kind: string;
  id: string;
  /** What it is about, in a word or two without personal data: the name of a job, the key of a form. */
  about: string | null;
  since: Date;
  attempts: number;
  fault: string | null;
}

/** A place in the list of dead work: newest first, and by id among those of one moment. */
export interface Place {
  since: Date;
  /** null: all of that moment. */
  id: string | null;
}

/** How much of a job's work is in which state. */
export interface WorkCount {
  job: string;
  state: 'waiting' | 'running' | 'held' | 'dead';
  count: number;
  /** The earliest `work.due` of them. */
  oldest: Date;
}

/** One kind of work, whatever its documents are: what is counted of it, and what may be done with what was given up. */
export interface WorkKind {
  name: string;
  label: Text;
  /** Given up before a place (or at all), newest first. */
  dead(before: Place | null, limit: number): Promise<DeadWork[]>;
  /** Has it tried again, with all its attempts. false: there is no such dead document. */
  retry(id: string): Promise<boolean>;
  /** Lets it rest for good: done, with its fault kept. false: there is no such dead document. */
  dismiss(id: string): Promise<boolean>;
  counts(): Promise<WorkCount[]>;
}

export interface KindOptions<T extends WorkDoc> {
  name: string;
  model: Model<T>;
  label?: Text;
  about?: (doc: T) => string | null;
  /** Further changes of a dead document when it is tried again. */
  revive?: UpdateQuery<T>;
  /** The field that names a document's job, where one collection holds the work of several. */
  jobField?: string;
}

export function createKind<T extends WorkDoc>(clock: () => Date, options: KindOptions<T>): WorkKind {
  const { name, model, label = { 'zh-CN': name, en: name }, about, revive = {}, jobField } = options;
  const couldBe = (id: string) => model.schema.path('_id').instance !== 'ObjectId' || /^[0-9a-f]{24}$/.test(id);

  const change = async (id: string, work: Record<string, unknown>, further: UpdateQuery<T> = {}): Promise<boolean> => {
    if (!couldBe(id)) return false;
    const set = Object.fromEntries(Object.entries(work).map(([key, value]) => [`work.${key}`, value]));
    const { matchedCount } = await model.updateOne(
      { _id: id, 'work.state': 'dead' } as never,
      { ...further, $set: { ...(further.$set as object | undefined), ...set } } as UpdateQuery<T>,
    );
    return matchedCount === 1;
  };

  return {
    name,
    label,

    async dead(before, limit) {
      const after = before && [
        { 'work.due': { $lt: before.since } },
        { 'work.due': before.since, ...(before.id === null ? {} : { _id: { $lt: before.id } }) },
      ];
      if (before?.id && !couldBe(before.id)) return [];
      const docs = (await model
        .find({ 'work.state': 'dead', ...(after ? { $or: after } : {}) } as never)
        .sort({ 'work.due': -1, _id: -1 })
        .limit(limit)
        .lean()) as T[];
      return docs.map((doc) => ({
        kind: name,
        id: String(doc._id),
        about: about?.(doc) ?? null,
        since: doc.work.due,
        attempts: doc.work.attempts,
        fault: doc.work.fault,
      }));
    },

    retry: (id) => change(id, { state: 'waiting', due: clock(), attempts: 0, fault: null }, revive),
    dismiss: (id) => change(id, { state: 'done', due: clock() }),

    async counts() {
      const states: WorkCount['state'][] = ['waiting', 'running', 'held', 'dead'];
      const rows = await model.aggregate<{ _id: { job: string; state: WorkCount['state'] } } & WorkCount>([
        { $match: { 'work.state': { $in: states } } },
        {
          $group: {
            _id: { job: jobField ? `$${jobField}` : { $literal: name }, state: '$work.state' },
            count: { $sum: 1 },
            oldest: { $min: '$work.due' },
          },
        },
      ]);
      return rows.map(({ _id, count, oldest }) => ({ ..._id, count, oldest }));
    },
  };
}
