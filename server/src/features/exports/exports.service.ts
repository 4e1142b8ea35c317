import type { Readable } from 'node:stream';
import type { Model, QueryFilter } from 'mongoose';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import type { Locale } from '../../../shared/fields/index.ts';
import type { Audit } from '../audit/index.ts';
import { scoped, scopeFilter } from '../scope/index.ts';
import { choose, sheetColumns, type Column } from './columns.ts';
import type { ExportOptions } from './exports.schema.ts';
import { streamSheet } from './stream.ts';

interface Asked {
  caller: StaffCaller;
  ip: string;
  locale: Locale;
  signal: AbortSignal;
}

interface Source<T> {
  /** Named in the audit: `people`, `submissions`. */
  list: 'people' | 'submissions';
  sheet: string;
  model: Model<T>;
  /** Newest first by this field, as in the list. */
  sort: Record<string, 1 | -1>;
  filter: QueryFilter<T>;
  columns: Column<T>[];
}

export type ExportsService = ReturnType<typeof createExportsService>;

/** Lists as workbooks: only what the caller could read in the list, masked as there, recorded before the first row leaves. */
export function createExportsService({ log }: Deps, { audit }: { audit: Audit }) {
  return {
    /** Whether values go out in clear. @throws forbidden without the right, invalid_input without a reason */
    mayClear(caller: StaffCaller, { clear, reason }: ExportOptions): boolean {
      if (!clear) return false;
      if (!caller.permissions.has('personal.reveal')) throw new Problem('forbidden');
      if (!reason) throw new Problem('invalid_input', { issues: [{ path: 'query.reason', code: 'required' }] });
      return true;
    },

    async stream<T>(asked: Asked, source: Source<T>, options: ExportOptions): Promise<Readable> {
      const { caller, ip, locale, signal } = asked;
      const columns = choose(source.columns, options.columns);
      const exportId = { type: source.list, id: 'export' };
      const detail = {
        columns: columns.map(({ key }) => key),
        clear: options.clear === true,
        reason: options.reason ?? null,
      };
      await audit.record({ caller, ip, action: 'export.started', object: exportId, detail });
      const started = performance.now();
      // What goes out lies within every right that it takes: to read it, to export, and to see it in clear.
      const read = source.list === 'people' ? 'person.read' : 'submission.read';
      const further = (['export.run', ...(options.clear ? (['personal.reveal'] as const) : [])] as const).map(
        (permission) => scopeFilter(caller, permission),
      );
      const within = { $and: [source.filter, ...further] } as QueryFilter<T>;
      const cursor = scoped(source.model, caller, read)
        .find(within, { history: 0 })
        .sort(source.sort)
        .batchSize(500)
        .maxTimeMS(120_000)
        .lean()
        .cursor();
      return streamSheet<T>({
        name: source.sheet,
        columns: sheetColumns(columns as Column<never>[], locale),
        cursor: cursor as AsyncIterable<T> & { close(): Promise<unknown> },
        row: (item) => columns.map((column) => column.show(item)),
        signal,
        onEnd: (rows, err) => {
          const ms = Math.round(performance.now() - started);
          if (err) log.warn('export.broken', { list: source.list, rows, ms, err });
          const outcome = err
            ? { action: 'export.failed' as const, outcome: 'failed' as const }
            : { action: 'export.finished' as const };
          // The file is gone already: what can't be recorded now is in the log.
          audit
            .record({ caller, ip, object: exportId, detail, facts: { list: source.list, rows, ms }, ...outcome })
            .catch((fault: unknown) => log.error('audit.failed', { action: outcome.action, err: fault }));
        },
      });
    },
  };
}
