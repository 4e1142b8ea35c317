import type { FormContent, Locale } from '../../../shared/fields/index.ts';
import { placesOf } from '../../../shared/forms/diff.ts';
import { sameJson } from '../../../shared/forms/changes.ts';
import { loadMessages, sayIssue, type Messages } from '../../../shared/messages/index.ts';
import type { StaffCaller } from '../../http/index.ts';
import type { Forms } from '../forms/index.ts';
import { holdsEverywhere } from '../scope/index.ts';
import type { Regions } from '../regions/index.ts';
import type { Submissions } from '../submissions/index.ts';
import { createCarryTo, targetOf } from './carrying.ts';
import type { FormMigrationDoc } from './form-migrations.model.ts';
import { actionsOf } from './form-migrations.states.ts';

/** The sentence for a code; the numbers in it were not kept with the counts. */
const sentence = (messages: Messages, code: string): string => sayIssue(messages, { code }).replace(/\{\w+\}/g, '…');

/** What a key is called in the first content that knows it. */
const labelsIn = (contents: readonly FormContent[]) => {
  const places = contents.map(placesOf);
  return (key: string) => {
    const label = places.map((all) => all.get(key)?.field.label).find(Boolean);
    return { 'zh-CN': label?.['zh-CN'] || key, en: label?.en || label?.['zh-CN'] || key };
  };
};

/** Migrations as staff get them. */
export function createMigrationPresenter({
  forms,
  submissions,
  regions,
}: {
  forms: Forms;
  submissions: Submissions;
  regions: Regions;
}) {
  /** Whether its version is published: under its number, or as what is current by now. */
  async function isPublished({ formKey, version, content, mappings }: FormMigrationDoc): Promise<boolean> {
    const current = await forms.published(formKey);
    if (!current) return false;
    if (version !== null) return version === current.version;
    return sameJson(current.content, content) && sameJson(current.mappings ?? [], mappings);
  }

  /** The number of its version; of one that is only being worked on the number that it will have. */
  async function numberOf(doc: FormMigrationDoc): Promise<number> {
    const current = (await forms.published(doc.formKey))?.version ?? 0;
    return doc.version ?? ((await isPublished(doc)) ? current : current + 1);
  }

  /** The contents in which a key may have a name, the new one first. */
  async function contentsOf(doc: FormMigrationDoc): Promise<FormContent[]> {
    const before = (await numberOf(doc)) - 1;
    const old = before > 0 ? await forms.version(doc.formKey, before) : null;
    return [doc.content, ...(old ? [old.content] : [])];
  }

  const hitOf = async (contents: readonly FormContent[]) => {
    const [zh, en] = await Promise.all([loadMessages('zh-CN'), loadMessages('en')]);
    const labelOf = labelsIn(contents);
    return ({ key, code }: { key: string; code: string }) => ({
      key,
      code,
      label: labelOf(key),
      words: { 'zh-CN': sentence(zh, code), en: sentence(en, code) },
    });
  };

  async function summary(doc: FormMigrationDoc, caller: StaffCaller) {
    const hit = await hitOf(await contentsOf(doc));
    const { check, undo, counts } = doc;
    const may = holdsEverywhere(caller, 'form.migrate');
    const standing = {
      state: doc.state,
      phase: doc.phase,
      asked: doc.ask !== null,
      written: counts.moved > 0,
      published: await isPublished(doc),
    };
    return {
      id: String(doc._id),
      rev: doc.rev,
      formKey: doc.formKey,
      version: doc.version,
      mappings: doc.mappings as unknown as Record<string, unknown>[],
      dropLost: doc.dropLost,
      state: doc.state,
      asked: doc.ask !== null,
      check: check && {
        at: check.at.toISOString(),
        records: check.records,
        drafts: check.drafts,
        losses: check.losses.map(({ missing, records, drafts, ...loss }) => ({
          ...hit(loss),
          missing,
          records,
          drafts,
        })),
      },
      counts,
      undo: undo && { restored: undo.restored, kept: undo.kept },
      progress: doc.progress,
      fault: doc.fault,
      createdBy: doc.createdBy.name,
      createdAt: doc.createdAt.toISOString(),
      startedBy: doc.startedBy?.name ?? null,
      startedAt: doc.startedAt?.toISOString() ?? null,
      finishedAt: doc.finishedAt?.toISOString() ?? null,
      actions: may ? actionsOf(standing) : [],
    };
  }

  return {
    isPublished,
    summary,

    async detail(doc: FormMigrationDoc, caller: StaffCaller, locale: Locale) {
      const contents = await contentsOf(doc);
      const [hit, labelNow] = [await hitOf(contents), labelsIn(contents)];
      const labelBefore = labelsIn([...contents].reverse());
      const target = targetOf(doc, await numberOf(doc));
      const all = doc.check?.samples ?? [];
      const seen = await submissions.glimpse(
        caller,
        locale,
        all.map(({ id }) => String(id)),
        { migrationId: String(doc._id), target, carry: createCarryTo({ forms, regions }, target) },
      );
      const labelled = (answers: readonly { key: string; text: string }[], labelOf: typeof labelNow) =>
        answers.map(({ key, text }) => ({ key, label: labelOf(key), text }));
      const byId = new Map(seen.map((one) => [one.id, one]));
      return {
        ...(await summary(doc, caller)),
        samples: all.flatMap(({ id, outcome, lost, missing }) => {
          const one = byId.get(String(id));
          if (!one) return [];
          const text = (key: string) => one.answers.find((answer) => answer.key === key.split('.')[0])?.text ?? null;
          return [
            {
              id: one.id,
              receiptNumber: one.receiptNumber,
              version: one.version,
              outcome,
              lost: lost.map((each) => ({ ...hit(each), value: text(each.key) })),
              missing: missing.map(hit),
              before: labelled(one.before, labelBefore),
              after: labelled(one.after, labelNow),
            },
          ];
        }),
      };
    },
  };
}

export type MigrationPresenter = ReturnType<typeof createMigrationPresenter>;
