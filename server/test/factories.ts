import type { Config } from '../src/config.ts';
import type { Deps } from '../src/deps.ts';
import { demoAnswers } from '../src/features/seed/demo.people.ts';
import { seedOrganisation, seedSystem } from '../src/features/seed/index.ts';
import { shanghaiDay } from '../src/infra/clock/index.ts';
import { healthDeclaration } from '../shared/demo/healthDeclaration.ts';
import type { Permission } from '../shared/permissions.ts';
import { makeApp, type TestApp } from './app.ts';
import type { Answer, Browser } from './browser.ts';
import { makeDeps, type TestDeps } from './deps.ts';
import { plainForm } from './plain-form.ts';
import { logInCitizen, logInStaff, makeStaff } from './logins.ts';

export const GUANGDONG = '440000';
export const BEIJING = '110000';
/** A county of each. */
export const SHENZHEN_NANSHAN = '440305';
export const BEIJING_CHAOYANG = '110105';

export type Answers = Record<string, unknown>;

/** Where a member of staff counts, and what for. `can`: permissions, or a role's key; default `superAdmin`. */
export interface StaffOptions {
  name?: string;
  can?: Permission[] | string;
  region?: string;
  organisation?: string;
  own?: boolean;
  mustChangePassword?: boolean;
}

/** A whole application with its own databases, and the means to fill it as people would. */
export interface World extends TestDeps {
  app: TestApp;
  anonymous(): Browser;
  /** Makes an account and logs it in. */
  staff(options?: StaffOptions): Promise<Browser>;
  /** Asks for a code by SMS and logs in with it. */
  citizen(phone?: string): Promise<Browser>;
  /** A form that is open: the health declaration unless told. Made by a super administrator. */
  form(overrides?: {
    key?: string;
    content?: unknown;
    region?: string | null;
  }): Promise<{ key: string; version: number }>;
  /** Valid answers to it, of somebody new each time. */
  answers(overrides?: Answers): Answers;
  /** Sends a form as a citizen. */
  submit(
    citizen: Browser,
    overrides?: { form?: string; version?: number; answers?: Answers; key?: string },
  ): Promise<Answer>;
  /** Adds a person as staff. */
  person(staff: Browser, overrides?: Answers): Promise<Answer>;
  organisation(name: string, region?: string | null): Promise<string>;
}

export interface WorldOptions {
  config?: Partial<Config>;
  deps?: Partial<Deps>;
  databases?: { mongoUrl: string; redisUrl: string };
  /** The clock's first moment. */
  now?: string;
  app?: Parameters<typeof makeApp>[1];
}

/** An idempotency key that nobody has used. */
let keys = 0;
export const newKey = (): string => `test-key-${process.pid}-${(keys += 1)}`;

/** Throws unless the answer has the status that a factory needs. */
export function must<T>(answer: Answer<T>, status: number): Answer<T> {
  if (answer.status !== status)
    throw new Error(`expected ${status}, got ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

export async function makeWorld({ app: appOptions, ...overrides }: WorldOptions = {}): Promise<World> {
  const config = { firstAdminPassword: 'Grx4-tolmen-Vaq8', ...overrides.config };
  const test = await makeDeps({ ...overrides, config });
  const { deps } = test;
  // All callers of a test share one address.
  deps.config.sms.perAddressPerHour = 100_000;
  const app = await makeApp(deps, appOptions);
  await seedSystem(deps, app.features);

  let made = 0;
  let root: Promise<Browser> | undefined;
  const next = () => (made += 1);

  const world: World = {
    ...test,
    app,
    anonymous: () => app.browser(),
    async staff({ name = `staff${next()}`, can = 'superAdmin', ...rest } = {}) {
      await makeStaff(deps, app.features, { name, can, ...rest });
      return logInStaff(app, name);
    },
    citizen: (phone = `1350001${String(next()).padStart(4, '0')}`) => logInCitizen(app, test.sentCodes, phone),
    async form({ key = 'healthDeclaration', content = plainForm(), region = null } = {}) {
      const admin = await (root ??= world.staff());
      must(await admin.post('/api/business/forms', { key, title: healthDeclaration.title, content, region }), 201);
      const { body } = must(await admin.post(`/api/business/forms/${key}/publish`, { rev: 1 }), 200);
      return { key, version: body.currentVersion as number };
    },
    answers: (answers = {}) => ({ ...demoAnswers(next() + 100, shanghaiDay(deps.clock())), ...answers }),
    submit: (citizen, { form = 'healthDeclaration', version = 1, answers = {}, key = newKey() } = {}) =>
      citizen.post(
        `/api/citizen/forms/${form}/submissions`,
        { version, answers: world.answers(answers) },
        { 'idempotency-key': key },
      ),
    person(staff, facts = {}) {
      const { name, gender, birthDate, document, phone, region, stay } = world.answers();
      return staff.post('/api/business/people', {
        name,
        gender,
        birthDate,
        document,
        phone,
        region,
        address: stay,
        ...facts,
      });
    },
    organisation: (name, region = null) => seedOrganisation(deps, app.features, { name, parent: null, region }),
    async close() {
      await app.close();
      await test.close();
    },
  };
  return world;
}
