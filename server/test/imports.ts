import { makeApp, type TestApp } from './app.ts';
import type { Answer, Browser } from './browser.ts';
import { publishForm } from './demo-form.ts';
import { makeDeps, type TestDeps, type TestOverrides } from './deps.ts';
import { logInStaff, makeStaff, type Staff } from './logins.ts';

/** An application with the health declaration, and somebody who imports into it. */
export interface ImportTest extends TestDeps {
  app: TestApp;
  admin: Browser;
  staff(staff: Staff): Promise<Browser>;
  upload(content: Uint8Array<ArrayBuffer>, fields?: Record<string, string>, options?: UploadOptions): Promise<Answer>;
  /** Lets a worker do what is to be done, and tells how the import stands then. */
  work(id: string): Promise<any>;
  view(id: string): Promise<any>;
  /** Asks for something; throws unless it is granted. */
  ask(id: string, what: string): Promise<any>;
  count(collection: string, filter?: object): Promise<number>;
}

export interface UploadOptions {
  who?: Browser;
  key?: string;
  name?: string;
}

export async function makeImportTest(overrides: TestOverrides = {}): Promise<ImportTest> {
  const test = await makeDeps(overrides);
  const app = await makeApp(test.deps);
  await publishForm(app.features);
  const staff = async (one: Staff) => {
    await makeStaff(test.deps, app.features, one);
    return logInStaff(app, one.name);
  };
  const admin = await staff({
    name: 'importer',
    can: ['import.run', 'submission.read', 'submission.write', 'person.read', 'person.write'],
  });
  const view = async (id: string) => (await admin.get(`/api/business/imports/${id}`)).body;
  return {
    ...test,
    app,
    admin,
    staff,
    view,
    upload(content, fields = {}, { who = admin, key = crypto.randomUUID(), name = 'people.xlsx' } = {}) {
      const form = new FormData();
      for (const [field, value] of Object.entries({ form: 'healthDeclaration', ...fields })) form.set(field, value);
      form.set('file', new Blob([content]), name);
      return who.post('/api/business/imports', form, { 'idempotency-key': key });
    },
    async work(id) {
      await app.features.imports.worker.drain();
      return view(id);
    },
    async ask(id, what) {
      const { status, body } = await admin.post(`/api/business/imports/${id}/${what}`);
      if (status !== 200) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
      return body;
    },
    count: (collection, filter = {}) => test.deps.mongo.collection(collection).countDocuments(filter),
    async close() {
      await app.close();
      await test.close();
    },
  };
}
