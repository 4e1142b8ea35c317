import type { Locale, RegionLookup } from '../../../shared/fields/index.ts';
import { PROBLEMS, type ProblemCode } from '../../../shared/codes.ts';
import { loadMessages, say, spell, withColon } from '../../../shared/messages/index.ts';
import type { StaffCaller } from '../../http/index.ts';
import type { Forms } from '../forms/index.ts';
import type { ExportCodec } from './exports.codec.ts';
import type { ExportDoc, ExportState } from './exports.model.ts';
import { filterWords } from './words.ts';

/** What ends no more. */
const UNDER_WAY: readonly ExportState[] = ['waiting_approval', 'waiting', 'running'];

export const stateOf = ({ state, work }: Pick<ExportDoc, 'state' | 'work'>): ExportState =>
  state === 'open' ? (work.state === 'running' ? 'running' : 'waiting') : state;

/** Exports as the API shows them; the filter in words, masked as in lists. */
export function createExportPresenter(codec: ExportCodec, { forms, regions }: { forms: Forms; regions: RegionLookup }) {
  async function faultOf({ fault }: ExportDoc, locale: Locale) {
    if (!fault) return null;
    const code = (fault.code in PROBLEMS ? fault.code : 'internal_error') as ProblemCode;
    const params = spell(locale, fault.params ?? {});
    const { title, detail } = say(await loadMessages(locale), code, params);
    return { code: fault.code, params, message: withColon(locale, title, detail) };
  }

  return async function present(doc: ExportDoc, caller: StaffCaller, locale: Locale) {
    const id = String(doc._id);
    const request = codec.openRequest(id, doc.request);
    const { filter } = request;
    const form = filter.form ? await forms.published(filter.form) : null;
    const state = stateOf(doc);
    const mine = caller.accountId === doc.createdBy;
    const { rows, rowsPerSecond } = doc.progress;
    const left = Math.max(0, doc.expected.count - rows);
    return {
      id,
      list: doc.list,
      state,
      filter: filterWords(filter, { content: form?.content ?? null, regions, locale }),
      columns: request.columns,
      versions: request.versions,
      clear: doc.clear,
      reason: request.reason,
      locked: doc.locked,
      rows: { expected: doc.expected.count, capped: doc.expected.capped, written: doc.written },
      progress:
        state === 'running'
          ? {
              rows,
              total: doc.expected.count,
              rowsPerSecond,
              secondsLeft: rowsPerSecond > 0 ? Math.ceil(left / rowsPerSecond) : null,
            }
          : null,
      snapshotAt: doc.snapshotAt?.toISOString() ?? null,
      snapshots: doc.snapshots,
      restarts: doc.restarts,
      file:
        doc.file && state === 'ready'
          ? { name: doc.file.name, bytes: doc.file.bytes, expiresAt: doc.file.expiresAt.toISOString() }
          : null,
      fault: await faultOf(doc, locale),
      approval: doc.approval && {
        needed: true,
        decision: doc.approval.decision,
        by: doc.approval.byName,
        at: doc.approval.at?.toISOString() ?? null,
        reason: doc.approval.reason && codec.openReason(id, doc.approval.reason),
      },
      requester: { id: doc.createdBy, name: doc.createdByName },
      requestedAt: doc.createdAt.toISOString(),
      startedAt: doc.startedAt?.toISOString() ?? null,
      finishedAt: doc.finishedAt?.toISOString() ?? null,
      actions: [
        ...(mine && UNDER_WAY.includes(state) ? (['cancel'] as const) : []),
        ...(mine && state === 'ready' ? (['link'] as const) : []),
        ...(!mine && state === 'waiting_approval' && caller.permissions.has('export.approve')
          ? (['approve'] as const)
          : []),
      ],
    };
  };
}

export type PresentExport = ReturnType<typeof createExportPresenter>;
