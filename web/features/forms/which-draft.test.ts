import { describe, expect, it } from 'vitest';
import type { Draft } from '../../common/client/types.ts';
import type { LocalCopy } from './local-copy.ts';
import { laterOf, whichDraft } from './which-draft.ts';

const text = (value: unknown) => JSON.stringify(value);
const comparing = { same: (a: unknown, b: unknown) => text(a) === text(b), print: text };
const copy = (more: Partial<LocalCopy> = {}): LocalCopy => ({
  accountId: 'a',
  version: 1,
  answers: { name: '李小明' },
  step: 0,
  rev: 3,
  ...more,
});
const draft = (rev: number, name: string): Draft => ({
  version: 1,
  answers: { name },
  step: 0,
  rev,
  savedAt: '2026-11-22T00:00:00.000Z',
});

describe('when a form is opened', () => {
  it.each([
    ['a copy that says the same is not needed', copy(), draft(5, '李小明'), 'draft'],
    ['nor one that says nothing', copy({ answers: {} }), null, 'draft'],
    ['without a draft the copy counts', copy(), null, 'copy'],
    ['a copy that grew from the draft', copy(), draft(3, '李'), 'copy'],
    ['a draft that was saved since, by somebody else', copy(), draft(4, '李'), 'ask'],
    ['by this device, which never heard so', copy({ unheard: [text({ name: '李' })] }), draft(4, '李'), 'copy'],
    [
      'and which tried others since',
      copy({ unheard: [text({ name: '李' }), text({ name: '李小' })] }),
      draft(4, '李'),
      'copy',
    ],
    ['by somebody else, after silence', copy({ unheard: [text({ name: '李小' })] }), draft(4, '李'), 'ask'],
    ['by an older page of this device', copy({ sent: { name: '李' } }), draft(4, '李'), 'copy'],
    ['by somebody else, beside an older page', copy({ sent: { name: '李小' } }), draft(4, '李'), 'ask'],
  ] as const)('%s', (_what, kept, saved, expected) => {
    expect(whichDraft(kept, saved, comparing)).toBe(expected);
  });
});

describe('of what is kept in two places', () => {
  const old = copy({ at: 1 });
  it.each([
    ['the later one counts', old, copy({ at: 2 }), 'there'],
    ['also where it says that there is none any more', old, { at: 2 }, 'there'],
    ['the first place, if it is the later one', { at: 3 }, copy({ at: 2 }), 'here'],
    ['or as late', copy({ at: 2 }), copy({ at: 2 }), 'here'],
    ['the only one', null, old, 'there'],
    ['the only one, in the first place', old, null, 'here'],
    ['an older page’s, which knows the first place only', copy(), { at: 2 }, 'here'],
  ] as const)('%s', (_what, here, there, expected) => {
    expect(laterOf(here, there)).toBe(expected === 'here' ? here : there);
  });
  it('nothing', () => expect(laterOf(null, null)).toBeNull());
});
