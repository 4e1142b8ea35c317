import { PERMISSION_NAMES } from '../../../shared/permissions.ts';
import { healthDeclaration } from '../../../shared/demo/healthDeclaration.ts';
import type { Deps } from '../../deps.ts';
import type { StaffCaller } from '../../http/index.ts';
import { shanghaiDay } from '../../infra/clock/index.ts';
import { createForms } from '../forms/index.ts';
import type { Features } from '../index.ts';
import { createPeople } from '../people/index.ts';
import { createSubmissions } from '../submissions/index.ts';
import { demoAnswers } from './demo.people.ts';

const FORM = 'healthDeclaration';
const COUNT = 36;

/** Who the demonstration's data comes from; no account can log in as it. */
const SEEDER: StaffCaller = {
  kind: 'staff',
  accountId: 'demo',
  sessionId: 'demo',
  name: 'demo',
  permissions: new Set(PERMISSION_NAMES),
  grants: [{ role: 'superAdmin', permissions: PERMISSION_NAMES, region: null, organisation: null, own: false }],
  mustChangePassword: false,
};
const ACTOR = { caller: SEEDER, ip: '127.0.0.1', locale: 'zh-CN' as const };

/**
 * The demonstration: one published form and a few dozen invented people who have filled it in over the last days. Runs at
 * every start; what is there, or was changed or deleted since, stays as it is.
 */
export async function seedDemo(deps: Deps, features: Features): Promise<void> {
  const { forms } = features;
  if (!(await forms.exists(FORM)))
    await forms.create(ACTOR, { key: FORM, title: healthDeclaration.title, content: healthDeclaration, region: null });
  if (!(await forms.published(FORM))) await forms.publish(ACTOR, FORM, 1);
  // Who has published another version has a form of their own by now.
  if ((await forms.published(FORM))?.version !== 1) return;

  // The same features under a clock of their own, so that the lists reach back over some days.
  const begun = deps.clock().getTime();
  let now = begun;
  const past: Deps = { ...deps, clock: () => new Date(now) };
  const people = createPeople(past, features);
  const submissions = createSubmissions(past, { ...features, forms: createForms(past, features), people });
  let made = 0;
  for (let index = 0; index < COUNT; index += 1) {
    now = begun - (COUNT - index) * 5 * 3_600_000;
    const requestKey = `demo-${String(index).padStart(3, '0')}`;
    if (await submissions.model().exists({ requestKey })) continue;
    const answers = demoAnswers(index, shanghaiDay(new Date(now)));
    await submissions.create({ ...ACTOR, requestKey }, { form: FORM, version: 1, answers });
    made += 1;
  }
  deps.log.info('seed.applied', { what: 'demo', made });
}
