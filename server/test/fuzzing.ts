import fc from 'fast-check';
import { PERMISSION_NAMES } from '../shared/permissions.ts';
import { attemptsAt, type Attempt, type Known } from './arbitraries.ts';
import type { Answer, Browser } from './browser.ts';
import { GUANGDONG, makeWorld, newKey, type World, type WorldOptions } from './factories.ts';
import {
  addressOf,
  answerChecks,
  GATE,
  operationsOf,
  refusalOf,
  sample,
  tableForm,
  type Operation,
  type Rights,
} from './operations.ts';
import { plainForm } from './plain-form.ts';

/** They would end the sessions that the rest is tried with. */
const LEFT_OUT = /^logOut/;
/** Too much at once is answered so; that is no fault of the answer. */
const BUSY = ['too_many_requests', 'deadline_exceeded'];

export interface FuzzReport {
  requests: number;
  failures: string[];
  /** How often each status came back. */
  statuses: Record<string, number>;
  /** Operations that succeeded at least once, by somebody. */
  succeeded: string[];
  operations: number;
}

interface Who extends Rights {
  name: string;
  browser: Browser;
}

/** A world that is worth breaking into, and everybody who might try. */
async function prepare(options: WorldOptions): Promise<{ world: World; callers: Who[] }> {
  const world = await makeWorld(options);
  await world.form({ content: plainForm() });
  const can = [...PERMISSION_NAMES];
  const callers: Who[] = [
    { name: 'anonymous', kind: 'anonymous', can: [], browser: world.anonymous() },
    { name: 'citizen', kind: 'citizen', can: [], browser: await world.citizen() },
    {
      name: 'scoped',
      kind: 'staff',
      can: can.slice(0, -1),
      browser: await world.staff({ name: 'scoped', can: can.slice(0, -1), region: GUANGDONG }),
    },
    { name: 'root', kind: 'staff', can, browser: await world.staff({ name: 'root' }) },
  ];
  return { world, callers };
}

/** Ids and keys by the kind of thing, as answers named them. Accounts of our callers are not among them. */
function createPools() {
  const pools = new Map<string, string[]>([['forms', ['healthDeclaration']]]);
  const kindOf = (path: string) => /^\/api\/\w+\/(\w+)/.exec(path)?.[1] ?? '';
  const put = (kind: string, value: unknown) => {
    if (typeof value !== 'string' || (kind === 'accounts' && value.length !== 24)) return;
    const pool = pools.get(kind) ?? [];
    if (pool.length < 300 && !pool.includes(value)) pool.push(value);
    pools.set(kind, pool);
  };
  return {
    take(path: string, name: string, at: number): string {
      if (name === 'number') return String(1 + (at % 2));
      const pool = pools.get(kindOf(path)) ?? [];
      return pool[at % pool.length] ?? '65f0c0ffee0ddba11ca7b0a7';
    },
    learn({ operationId, path }: Operation, body: any): void {
      if (operationId === 'createAccount') put('accounts', body.account.id);
      else if (operationId === 'createRole') put('roles', body.key);
      else if (!path.includes('/system/accounts') && !path.includes('/system/roles')) {
        for (const item of Array.isArray(body?.items) ? body.items : [body]) {
          put(
            kindOf(path) === 'forms' && path.endsWith('/submissions') ? 'submissions' : kindOf(path),
            item?.id ?? (path.endsWith('/forms') ? item?.key : undefined),
          );
          put('people', item?.personId);
        }
      }
    },
  };
}

/** Hammers every operation as everybody, with good and bad input, until told to stop. The same seed tries the same things. */
export async function fuzz({
  seed,
  over,
  world: options = {},
}: {
  seed: number;
  over: (requests: number) => boolean;
  world?: WorldOptions;
}): Promise<FuzzReport> {
  const { world, callers } = await prepare(options);
  const report: FuzzReport = { requests: 0, failures: [], statuses: {}, succeeded: [], operations: 0 };
  try {
    const operations = operationsOf(world.app.openapi).filter(({ operationId }) => !LEFT_OUT.test(operationId));
    report.operations = operations.length;
    const judge = answerChecks(world.app.openapi);
    const pools = createPools();
    const succeeded = new Set<string>();
    const known = knownOf(world);
    const arbitraries = operations.map((operation) => attemptsAt(operation, known));
    for (let round = 0; !over(report.requests); round += 1) {
      for (const [at, operation] of operations.entries()) {
        const attempts = fc.sample(arbitraries[at]!, { seed: seed + round * 1_000 + at, numRuns: callers.length });
        for (const [who, attempt] of attempts.entries()) {
          const caller = callers[who]!;
          const sent = await send(caller, operation, attempt, pools);
          report.requests += 1;
          const { status, body, headers } = sent.answer;
          report.statuses[status] = (report.statuses[status] ?? 0) + 1;
          const fault =
            faultOf(caller, operation, sent.answer) ??
            judge(operation, status, headers.get('content-type') ?? '', body);
          if (fault)
            report.failures.push(
              `seed ${seed}: ${caller.name} ${operation.operationId} ${sent.address}: ${fault} ⇐ ${JSON.stringify(attempt.body)?.slice(0, 600)} ⇒ ${JSON.stringify(body)?.slice(0, 300)}`,
            );
          if (status < 300) {
            succeeded.add(operation.operationId);
            pools.learn(operation, body);
          }
        }
        if (over(report.requests)) break;
      }
      await world.app.features.imports.worker.drain();
    }
    report.succeeded = [...succeeded].toSorted();
    return report;
  } finally {
    await world.close();
  }
}

function faultOf(caller: Who, operation: Operation, { status, body }: Answer): string | null {
  if (BUSY.includes(body?.code)) return null;
  if (status >= 500) return `status ${status}`;
  const refusal = refusalOf(caller, operation);
  if (refusal !== null && status !== refusal) return `reached without the right to: ${status}`;
  if (refusal === null && GATE.includes(body?.code) && body.code !== 'forbidden')
    return `refused by the gate: ${body.code}`;
  return null;
}

async function send(
  { browser }: Who,
  operation: Operation,
  { path, query, body, key }: Attempt,
  pools: ReturnType<typeof createPools>,
): Promise<{ address: string; answer: Answer }> {
  // What would lead to another route, or be tidied away on the wire, stands for nothing.
  const segment = (text: string) => (/^[.\s]*$|^export$|[\ud800-\udfff]/.test(text) ? 'nothing' : text.slice(0, 150));
  const filled = Object.fromEntries(
    Object.entries(path).map(([name, value]) => [
      name,
      typeof value === 'string' ? segment(value) : pools.take(operation.path, name, value.pool),
    ]),
  );
  const given = Object.fromEntries(
    Object.entries(query).filter(
      ([, value]) => value !== undefined && !(typeof value === 'string' && /[\ud800-\udfff]/.test(value)),
    ),
  );
  const address = addressOf(operation, { path: filled, query: given });
  const required = operation.idempotency === 'required' || operation.idempotency === 'handler';
  const headers: Record<string, string> =
    key && operation.idempotency ? { 'idempotency-key': key } : required ? { 'idempotency-key': newKey() } : {};
  const payload = operation.multipart
    ? tableForm()
    : operation.body
      ? JSON.stringify(body ?? sample(operation.body))
      : undefined;
  try {
    return { address, answer: await browser.call(operation.method, address, payload, headers) };
  } catch (cause) {
    throw new Error(`${operation.method} ${address}: no answer`, { cause });
  }
}

/** Answers, forms and people that make sense, so that more than the first check is reached. */
function knownOf(world: World): Known {
  const answers = Array.from({ length: 60 }, (_, at) => world.answers(at % 4 ? {} : { region: '440305' }));
  const of = (name: string) => fc.constantFrom(...answers.map((one) => one[name]));
  const form = plainForm();
  return {
    answers: fc.oneof(
      fc.constantFrom<unknown>(...answers),
      fc
        .tuple(fc.constantFrom(...answers), fc.constantFrom(...Object.keys(answers[0]!)), fc.jsonValue({ maxDepth: 2 }))
        .map(([one, key, value]) => ({ ...one, [key]: value })),
    ),
    content: fc.oneof(
      fc.constant<unknown>(form),
      fc
        .tuple(
          fc.nat(3),
          fc.constantFrom('key', 'kind', 'options', 'visibleWhen', 'min', 'max', 'label', 'required'),
          fc.jsonValue({ maxDepth: 2 }),
        )
        .map(([at, key, value]) => ({
          ...form,
          steps: form.steps.map((step, index) =>
            index === at
              ? {
                  ...step,
                  fields: step.fields.map((field, place) => (place === 1 ? { ...field, [key]: value } : field)),
                }
              : step,
          ),
        })),
    ),
    document: of('document'),
    phone: of('phone'),
    region: fc.constantFrom('440305', '110105', '440000', '999999'),
    name: fc.oneof(of('name'), fc.stringMatching(/^[a-z]{3,12}$/)),
    birthDate: of('birthDate'),
    address: of('stay'),
    rev: fc.constantFrom(0, 1, 2, 3),
    version: fc.constantFrom(1, 1, 2),
    form: fc.constant('healthDeclaration'),
    key: fc.stringMatching(/^[a-z]{4,10}$/),
    role: fc.constantFrom('superAdmin', 'viewer', 'registrar'),
    organisation: fc.constant(null),
    parent: fc.constant(null),
    cursor: fc.constantFrom('WyJ4Il0', 'WzFd', 'WzE3NjM2OTA0MDAwMDAsIjY1ZjBjMGZmZWUwZGRiYTExY2E3YjBhNyJd'),
  };
}
