import { healthDeclaration } from '../shared/demo/healthDeclaration.ts';
import { demoAnswers } from '../src/features/seed/demo.people.ts';
import type { Features } from '../src/features/index.ts';
import type { StaffCaller } from '../src/http/index.ts';
import { PERMISSION_NAMES } from '../shared/permissions.ts';
import type { FormContent } from '../shared/fields/index.ts';

/** Whoever may do everything everywhere, without an account. */
export const ROOT: StaffCaller = {
  kind: 'staff',
  accountId: 'root',
  sessionId: 'root',
  name: 'root',
  permissions: new Set(PERMISSION_NAMES),
  grants: [{ role: 'superAdmin', permissions: PERMISSION_NAMES, region: null, organisation: null, own: false }],
  mustChangePassword: false,
};
export const ROOT_ACTOR = { caller: ROOT, ip: '127.0.0.1', locale: 'zh-CN' as const, requestKey: null };

export const DEMO_FORM = 'healthDeclaration';

/** Publishes the health declaration (or another content) as version 1 of a form. */
export async function publishForm(
  features: Features,
  key = DEMO_FORM,
  content: FormContent = healthDeclaration,
): Promise<void> {
  await features.forms.create(ROOT_ACTOR, { key, title: content.title, content, region: null });
  await features.forms.publish(ROOT_ACTOR, key, 1);
}

/** Right answers of the invented person number `index`. */
export function goodAnswers(
  index: number,
  change: Record<string, unknown> = {},
  today = '2026-11-21',
): Record<string, unknown> {
  return { ...demoAnswers(index, today), ...change };
}

let keys = 0;
/** The header of a write that is to happen once. */
export const once = (key = `test-key-${++keys}-${Date.now()}`) => ({ 'Idempotency-Key': key });
