import type { StaffCaller } from '../../http/index.ts';
import type { ProblemCode } from '../../../shared/codes.ts';
import type { FormContent } from '../../../shared/fields/index.ts';
import { say, spell, withColon, type Messages } from '../../../shared/messages/index.ts';
import type { Deps } from '../../deps.ts';
import type { Forms } from '../forms/index.ts';
import { missingFields } from './header.ts';
import { sealContext, type ImportCounts, type ImportDoc, type SheetName } from './imports.model.ts';
import { actionsOf, isEnded, type ImportAction } from './imports.states.ts';
import type { Mappings } from './mapping.ts';
import { standingOf } from './standing.ts';

export type ImportPresenter = ReturnType<typeof createImportPresenter>;

/** Imports as the API shows them. */
export function createImportPresenter(
  { cipher, clock, config }: Deps,
  { forms, mappings }: { forms: Forms; mappings: Mappings },
) {
  const contentOf = async ({ formKey, version }: ImportDoc): Promise<FormContent | undefined> =>
    (await forms.version(formKey, version))?.content;

  const missingOf = (doc: ImportDoc, content: FormContent | undefined): string[] =>
    content && doc.mapping ? missingFields(content, doc.mapping.fields).map(({ key }) => key) : [];

  function actions(doc: ImportDoc, caller: StaffCaller, missing: number): ImportAction[] {
    return actionsOf(standingOf(doc, caller, { now: clock(), keepDays: config.importKeepDays, missing }));
  }

  function present(doc: ImportDoc, caller: StaffCaller, messages: Messages, missing: number) {
    const { fault, progress } = doc;
    const params = fault && spell(messages.locale, fault.params);
    const text = fault && params ? say(messages, fault.code as ProblemCode, params) : null;
    const { rows, about = false, rate } = progress;
    // As many rows as there were thought to be, or more: nobody knows how many are left.
    const total = about && progress.total !== null && rows >= progress.total ? null : progress.total;
    const moves = doc.phase !== null && doc.state !== 'paused' && !isEnded(doc.state);
    return {
      id: String(doc._id),
      rev: doc.rev,
      form: doc.formKey,
      version: doc.version,
      filename: cipher.open(doc.filename, sealContext(doc._id)),
      bytes: doc.bytes,
      state: doc.state,
      fault:
        fault && params && text
          ? { code: fault.code, params, message: withColon(messages.locale, text.title, text.detail) }
          : null,
      duplicates: doc.duplicates,
      progress: {
        rows,
        total,
        about: total !== null && about,
        rowsPerSecond: moves ? rate : 0,
        secondsLeft: moves && total !== null && rate > 0 ? Math.ceil(Math.max(0, total - rows) / rate) : null,
      },
      counts: countsOf(doc.counts),
      actions: actions(doc, caller, missing),
      createdBy: doc.createdByName,
      createdAt: doc.createdAt.toISOString(),
      startedAt: doc.startedAt?.toISOString() ?? null,
      finishedAt: doc.finishedAt?.toISOString() ?? null,
    };
  }

  return {
    contentOf,
    missingOf,
    actions,

    async summary(doc: ImportDoc, caller: StaffCaller, messages: Messages) {
      return present(doc, caller, messages, missingOf(doc, await contentOf(doc)).length);
    },

    /** With what the wizard needs. What stands in the file is shown to its uploader, and until the import has ended. */
    async detail(doc: ImportDoc, caller: StaffCaller, messages: Messages) {
      const { mapping, repeatOf, undo } = doc;
      const missing = missingOf(doc, await contentOf(doc));
      const own = doc.createdBy === caller.accountId && !isEnded(doc.state);
      const sheets = doc.sheets === null ? [] : mappings.open<SheetName[]>(doc._id, doc.sheets);
      return {
        ...present(doc, caller, messages, missing.length),
        repeatOf: repeatOf && {
          id: String(repeatOf.id),
          createdAt: repeatOf.createdAt.toISOString(),
          createdBy: repeatOf.createdByName,
        },
        sheets: sheets.map(({ name, rows }) => ({ name, rows })),
        sheet: mapping?.sheet ?? null,
        headerRow: mapping?.headerRow ?? null,
        columns: mappings.columns(doc).map(({ header, samples }, index) => ({
          index,
          header,
          samples: own ? samples : [],
          field: mapping?.fields[index] ?? null,
          guessed: mapping?.guessed[index] ?? null,
        })),
        values: own ? mappings.values(doc) : [],
        missing,
        check: doc.check && countsOf(doc.check),
        undone: undo && { removed: undo.removed, restored: undo.restored, kept: undo.kept },
      };
    },
  };
}

const countsOf = ({ read, created, updated, skipped, unchanged, review, failed }: ImportCounts) => ({
  read,
  created,
  updated,
  skipped,
  unchanged,
  review,
  failed,
});
