import { PassThrough, type Readable } from 'node:stream';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { openSnapshot } from '../../infra/mongo/index.ts';
import type { Locale, RegionLookup } from '../../../shared/fields/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Forms } from '../forms/index.ts';
import { countRows } from './counting.ts';
import type { ExportList } from './exports.model.ts';
import type { ExportFilter } from './exports.schema.ts';
import { TITLES, type Planner } from './plan.ts';
import { exportRights, reachOf } from './reach.ts';
import { filterWords } from './words.ts';
import { writeWorkbook } from './write.ts';

/** More rows are an export job's. */
export const MOST_DIRECT = 20_000;

/** No download takes longer, so no query needs to. */
const MOST_MS = 120_000;
const OPERATIONS = { people: 'exportPeople', submissions: 'exportSubmissions' } as const;

export interface DirectOptions {
  columns?: string | undefined;
  clear?: boolean | undefined;
  reason?: string | undefined;
}

interface Asked {
  caller: StaffCaller;
  ip: string;
  locale: Locale;
  signal: AbortSignal;
}

export type DirectExports = ReturnType<typeof createDirectExports>;

/** Small lists as workbooks at once: only what the caller could read in the list, masked as there, recorded before the first row leaves. */
export function createDirectExports(
  { log, mongo, config, clock }: Deps,
  { audit, planner, forms, regions }: { audit: Audit; planner: Planner; forms: Forms; regions: RegionLookup },
) {
  /** @throws approval_needed, which is recorded as any refusal is, or export_too_large */
  function assertSmall(rows: number, { caller, ip }: Asked, list: ExportList): void {
    if (rows > config.exportApprovalRows) {
      const code = 'approval_needed';
      audit.recordRefusal({ caller, ip, operationId: OPERATIONS[list], code });
      throw new Problem(code, { params: { most: config.exportApprovalRows } });
    }
    if (rows > MOST_DIRECT) throw new Problem('export_too_large', { params: { most: MOST_DIRECT } });
  }

  return {
    /**
     * @throws Problem forbidden for clear values without the right, invalid_input for clear values without a reason and for
     * columns that don't exist, approval_needed or export_too_large for too many rows
     */
    async stream(
      asked: Asked,
      list: ExportList,
      filter: ExportFilter,
      { columns, clear = false, reason }: DirectOptions,
    ): Promise<Readable> {
      const { caller, ip, locale, signal } = asked;
      if (clear && !caller.permissions.has('personal.reveal')) throw new Problem('forbidden');
      if (clear && !reason)
        throw new Problem('invalid_input', { issues: [{ path: 'query.reason', code: 'required' }] });
      const plan = await planner.plan({
        caller,
        list,
        filter,
        columns: columns?.split(',') ?? null,
        versions: 'merged',
        clear,
        locale,
        where: 'query',
      });
      const keys = await planner.columnKeys(plan);
      const within = plan.filter(caller, [reachOf(caller, exportRights(list, clear))]);
      const snapshot = await openSnapshot(mongo);
      const started = performance.now();
      const object = { type: list, id: 'export' };
      const detail = { columns: keys, clear, reason: reason ?? null };
      let rows = 0;
      const most = Math.min(MOST_DIRECT, config.exportApprovalRows) + 1;
      const counted = await countRows(snapshot, plan, within, { most, signal });
      assertSmall(counted.total, asked, list);
      await audit.record({ caller, ip, action: 'export.started', object, detail, facts: { rows: counted.total } });
      const form = plan.form ? await forms.published(plan.form) : null;
      const out = new PassThrough();
      // It may break off before anybody listens.
      out.on('error', () => undefined);
      const written = writeWorkbook(out, {
        plan,
        filter: within,
        snapshot,
        counted,
        about: {
          exportId: null,
          requester: { name: caller.name, accountId: caller.accountId },
          approver: null,
          list: TITLES[locale][list],
          filter: filterWords(filter, { content: form?.content ?? null, regions, locale }),
          clear,
          reason: reason ?? null,
          requestedAt: clock(),
          snapshots: 1,
          restarts: 0,
        },
        locale,
        signal,
        maxTimeMS: MOST_MS,
        onRows: (so) => void (rows = so),
      });
      written.then(
        (all) => end(all),
        (err: unknown) => {
          out.destroy(err as Error);
          end(rows, err);
        },
      );
      return out;

      function end(all: number, err?: unknown): void {
        const ms = Math.round(performance.now() - started);
        if (err) log.warn('export.broken', { list, rows: all, ms, err });
        const outcome = err
          ? { action: 'export.failed' as const, outcome: 'failed' as const }
          : { action: 'export.finished' as const };
        // The file is gone already: what can't be recorded now is in the log.
        audit
          .record({ caller, ip, object, detail, facts: { list, rows: all, ms }, ...outcome })
          .catch((fault: unknown) => log.error('audit.failed', { action: outcome.action, err: fault }));
      }
    },
  };
}
