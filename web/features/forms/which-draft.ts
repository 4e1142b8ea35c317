import type { Answers } from '../../../server/shared/fields/types.ts';
import type { Draft } from '../../common/client/types.ts';
import type { Kept, LocalCopy } from './local-copy.ts';

/** Of what a device kept in two places the later one. What does not say when is of a page that knew one place only: it counts. */
export function laterOf(here: Kept | null, there: Kept | null): Kept | null {
  if (!here || !there) return here || there;
  return here.at && there.at && here.at < there.at ? there : here;
}

/** How answers to a form are compared: as the server keeps them, without the spaces that were typed. */
export interface Comparing {
  same(a: Answers, b: Answers): boolean;
  print(answers: Answers): string;
}

/** Which counts when a form is opened: the server's draft, this device's copy, or what the citizen says. */
export function whichDraft(copy: LocalCopy, draft: Draft | null, { same, print }: Comparing): 'draft' | 'copy' | 'ask' {
  if (same(copy.answers, draft ? draft.answers : {})) return 'draft';
  if (!draft || draft.rev === copy.rev) return 'copy';
  // The server's draft has moved on. If not by this device, which may not have heard of it, the citizen chooses.
  const own = (copy.sent && same(copy.sent, draft.answers)) || (copy.unheard || []).indexOf(print(draft.answers)) >= 0;
  return own ? 'copy' : 'ask';
}
