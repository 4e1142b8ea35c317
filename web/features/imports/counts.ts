import type { Count } from '../../common/admin/work/counts.ts';
import type { ImportCounts, ImportSummary } from './imports.types.ts';
import { t } from './imports.texts.ts';

const KINDS = ['created', 'updated', 'unchanged', 'skipped', 'review', 'failed'] as const;
const TONES: Partial<Record<(typeof KINDS)[number], Count['tone']>> = {
  created: 'success',
  updated: 'primary',
  review: 'warn',
  failed: 'danger',
};
const LABELS = {
  created: 'created',
  updated: 'updated',
  unchanged: 'unchanged',
  skipped: 'skipped',
  review: 'review',
  failed: 'faulty',
} as const;

/** Rows by what became of them, or (`planned`) would become of them. */
export function countsOf(counts: ImportCounts, planned = false): Count[] {
  return KINDS.map((key) => {
    const label =
      planned && key === 'created' ? 'willCreate' : planned && key === 'updated' ? 'willUpdate' : LABELS[key];
    return { key, label: t(label), value: counts[key], tone: TONES[key] };
  });
}

/** The sum in words, without what is none: "新增 2 + 有错误 1 = 共 3 行". */
export function sumText(counts: ImportCounts, number: (value: number) => string): string {
  const parts = countsOf(counts).filter((one) => one.value > 0);
  return `${parts.map((one) => `${one.label} ${number(one.value)}`).join(' + ')} ${t('equals', { n: number(counts.read) })}`.trim();
}

/** The colour of an import's state; finished with refused rows is not a plain success. */
export function stateTone({
  state,
  counts,
}: Pick<ImportSummary, 'state' | 'counts'>): 'success' | 'warn' | 'danger' | 'primary' | undefined {
  if (state === 'finished') return counts.failed || counts.review ? 'warn' : 'success';
  if (state === 'failed') return 'danger';
  if (state === 'mapping' || state === 'paused') return 'warn';
  return state === 'cancelled' || state === 'undone' ? undefined : 'primary';
}
