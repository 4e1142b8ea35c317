import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkForm, fieldsOf, formNow } from '../../../shared/fields/index.ts';
import { answersOfRow, FORM_CONTEXT as ctx, randomForms, rulesSeed } from '../../../test/random-forms.ts';
import type { Cell } from '../../infra/workbook/index.ts';
import { createJudge } from './judge.ts';

const cellOf = (text: string): Cell => (text === '' ? { type: 'empty', text } : { type: 'text', text });

it('a row of a workbook is judged as the form is, whatever its rules', () => {
  fc.assert(
    fc.property(randomForms, ({ content, rows }) => {
      const fields = fieldsOf(content);
      const judge = createJudge({ row: 1, fields }, content, ctx);
      rows.forEach((row, at) => {
        const raw = answersOfRow(content, row);
        const whole = checkForm(content, raw, ctx);
        const { answers, issues } = judge({ number: at + 2, cells: fields.map(({ key }) => cellOf(row[key]!)) });
        expect({ answers, issues }).toEqual(whole);
        // What was accepted is accepted again as it is stored, and pages show exactly what was kept.
        if (whole.issues.length === 0) expect(checkForm(content, whole.answers, ctx)).toEqual(whole);
        const shown = formNow(content, raw, ctx).flatMap(({ field, answer }) =>
          answer === undefined ? [] : [field.key],
        );
        expect(shown).toEqual(expect.arrayContaining(Object.keys(answers)));
      });
    }),
    { numRuns: 400, seed: rulesSeed(1_620_771_098) },
  );
});
