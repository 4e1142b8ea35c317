import { checkForm, type FormContent } from '../shared/fields/index.ts';
import type { PublishedVersion } from '../src/features/forms/index.ts';
import { createFeatures, type Features } from '../src/features/index.ts';
import { personModel, type PersonDoc } from '../src/features/people/index.ts';
import {
  submissionModel,
  type ImportedRow,
  type ImportRun,
  type SubmissionDoc,
} from '../src/features/submissions/index.ts';
import type { StaffCaller } from '../src/http/index.ts';
import { DEMO_FORM, goodAnswers, publishForm, ROOT } from './demo-form.ts';
import { makeDeps, type TestDeps } from './deps.ts';

/** Whoever looks after Guangdong. */
export const SOUTH: StaffCaller = {
  ...ROOT,
  accountId: 'south',
  name: 'south',
  grants: [{ ...ROOT.grants[0]!, region: '440000' }],
};

export interface ImportRows extends TestDeps {
  features: Features;
  form: PublishedVersion;
  /** A checked row of the invented person number `index`. */
  row(number: number, index: number, change?: Record<string, unknown>, form?: PublishedVersion): ImportedRow;
  /** An import of its own by whoever may do everything; existing submissions are left. */
  run(change?: Partial<ImportRun>): ImportRun;
  /** Publishes another content as version 1 of a form. */
  publish(key: string, content: FormContent): Promise<PublishedVersion>;
  /** Writes rows, answers what became of them. */
  write(rows: ImportedRow[], run: ImportRun): Promise<string[]>;
  submissions(filter?: object): Promise<SubmissionDoc[]>;
  people(filter?: object): Promise<PersonDoc[]>;
}

/** What the tests of an import's rows share: features on a database of their own, the demonstration form, rows of it. */
export async function makeImportRows(): Promise<ImportRows> {
  const test = await makeDeps();
  const { deps } = test;
  const features = createFeatures(deps);
  await publishForm(features);
  const form = (await features.forms.version(DEMO_FORM, 1))!;
  return {
    ...test,
    features,
    form,
    row: (number, index, change = {}, { content } = form) => ({
      row: number,
      answers: checkForm(content, goodAnswers(index, change), { today: '2026-11-21', regions: features.regions.lookup })
        .answers,
    }),
    run: (change = {}) => ({
      caller: ROOT,
      form,
      importId: new deps.mongo.base.Types.ObjectId(),
      onDuplicate: 'skip',
      ...change,
    }),
    async publish(key, content) {
      await publishForm(features, key, content);
      return (await features.forms.version(key, 1))!;
    },
    write: async (rows, run) => (await features.submissions.writeMany(rows, run)).map(({ outcome }) => outcome),
    submissions: (filter = {}) => submissionModel(deps.mongo).find(filter).sort({ _id: 1 }).lean<SubmissionDoc[]>(),
    people: (filter = {}) => personModel(deps.mongo).find(filter).sort({ _id: 1 }).lean<PersonDoc[]>(),
  };
}

/** Where someone lives and stays. */
export const livingIn = (region: string) => ({ region, stay: { region, detail: '人民路 1 号' } });
