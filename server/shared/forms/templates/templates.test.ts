import { expect, it } from 'vitest';
import { checkForm } from '../../fields/index.ts';
import { vetForm } from '../../fields/vet/index.ts';
import { textsOf } from '../form-texts.ts';
import { TEMPLATES } from './index.ts';

it.each(TEMPLATES)('$key can be published as it is, in both languages', ({ content }) => {
  expect(vetForm(content)).toEqual([]);
  expect(textsOf(content).filter(({ text }) => !text.en)).toEqual([]);
});

it('asks a household for what it earns together', () => {
  const { content } = TEMPLATES.find(({ key }) => key === 'household')!;
  const member = { memberName: '李四', memberRelation: 'child', memberBirthDate: '2001-02-03' };
  const answers = {
    members: [
      { ...member, memberIncome: 3000 },
      { ...member, memberIncome: 4500 },
    ],
  };
  expect(checkForm(content, answers, { today: '2026-11-22' }).answers['income']).toBe(7500);
});

it('lets no child come alone to an event', () => {
  const { content } = TEMPLATES.find(({ key }) => key === 'event')!;
  const told = (companions: number) =>
    checkForm(content, { ageGroup: 'child', companions }, { today: '2026-11-22' }).issues.filter(
      ({ path }) => path === 'answers.companions',
    );
  expect([told(0).length, told(1).length]).toEqual([1, 0]);
});
