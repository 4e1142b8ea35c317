import { describe, expect, it } from 'vitest';
import { fileFault } from './file-fault.ts';
import type { ImportCounts, PreviewRow } from './imports.types.ts';
import { previewCells, rowIssues, withoutMissing } from './preview.ts';
import { stepOf } from './steps.ts';

describe('the screen of an import', () => {
  const check = { read: 1 } as ImportCounts;
  it('follows from its state, so that every browser shows the same', () => {
    const step = (state: Parameters<typeof stepOf>[0]['state']) => stepOf({ state, check: null });
    expect((['inspecting', 'mapping', 'checking', 'running', 'paused'] as const).map(step)).toEqual([
      'mapping',
      'mapping',
      'check',
      'run',
      'run',
    ]);
    expect((['finished', 'failed', 'cancelled', 'undoing', 'undone'] as const).map(step)).toEqual(
      Array(5).fill('result'), //
    );
  });

  it('is the check once there is one, unless somebody went back; writing knows no way back', () => {
    expect(stepOf({ state: 'mapping', check })).toBe('check');
    expect(stepOf({ state: 'mapping', check }, 'mapping')).toBe('mapping');
    expect(stepOf({ state: 'running', check }, 'mapping')).toBe('run');
  });
});

it('refuses a file that can be no table before a byte is sent', () => {
  const fault = (name: string, size = 10) => fileFault({ name, size });
  expect([fault('名单.xlsx'), fault('LIST.CSV'), fault('a.b.xlsx')]).toEqual([null, null, null]);
  expect([fault('旧.XLS'), fault('名单.docx'), fault('xlsx'), fault('空.xlsx', 0)]).toEqual([
    'oldXls',
    'wrongType',
    'wrongType',
    'emptyFile',
  ]);
});

describe('the preview of a row', () => {
  const columns = [
    { index: 0, key: 'name', label: '姓名' },
    { index: 2, key: 'phone', label: '手机号' },
  ];
  const row: PreviewRow = {
    row: 3,
    cells: ['张伟', '备注', '1380013'],
    answers: { name: '张 伟' },
    issues: [
      { column: 2, field: 'phone', code: 'phone_length', message: '手机号：应为 11 位' },
      { column: null, field: 'region', code: 'required', message: '地区：必填' },
      { column: null, field: null, code: 'row', message: '整行重复' },
    ],
  };

  it('shows what is read; where that failed, what stands in the file, with the reason at the cell', () => {
    expect(previewCells(row, columns)).toEqual([
      { key: 'name', label: '姓名', text: '张 伟', message: null },
      { key: 'phone', label: '手机号', text: '1380013', message: '应为 11 位' },
    ]);
  });

  it('tells at the row what belongs to no column', () => {
    expect(rowIssues(row, columns)).toEqual(['地区：必填', '整行重复']);
  });

  it('does not repeat in each row that a required field has no column', () => {
    const [left] = withoutMissing([row], ['region']);
    expect(left!.issues.map(({ code }) => code)).toEqual(['phone_length', 'row']);
  });
});
