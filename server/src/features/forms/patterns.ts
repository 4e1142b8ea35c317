import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { FormContent, Issue } from '../../../shared/fields/index.ts';

/** What one pattern may cost to judge, and all of them with loading the checker, ms; below a request's deadline. */
const JUDGE_MS = 5_000;
const TOTAL_MS = 7_500;

/** Runs in a thread of its own: judging is pure computing, for seconds with a bad expression. */
const SOURCE = `
const { parentPort, workerData } = require('node:worker_threads');
const { checkSync } = require(workerData.module);
for (const pattern of workerData.patterns) parentPort.postMessage(checkSync('^(?:' + pattern + ')$', 'u', { timeout: workerData.ms }).status);
`;

/**
 * Judges the patterns of a form's fields: none may hang, whatever the text. All but plain ones are checked by `recheck`.
 * Their syntax is judged by `vetForm` before.
 * @returns `pattern_slow` at each pattern that can hang, or that can't be judged in time
 */
export async function vetPatterns(content: FormContent): Promise<Issue[]> {
  const places = content.steps.flatMap((step, s) =>
    step.fields.flatMap((field, f) =>
      field.pattern ? [{ path: `steps.${s}.fields.${f}.pattern`, pattern: field.pattern }] : [],
    ),
  );
  if (places.length === 0) return [];
  const doubtful = [...new Set(places.map(({ pattern }) => pattern))].filter((pattern) => !isPlain(pattern));
  const verdicts = doubtful.length ? await judge(doubtful) : new Map<string, string>();
  return places
    .filter(({ pattern }) => doubtful.includes(pattern) && verdicts.get(pattern) !== 'safe')
    .map(({ path }) => ({ path, code: 'pattern_slow' }));
}

/**
 * Whether a pattern is too plain to hang: nothing repeats a group, and at most two characters or classes repeat. On a text
 * of the longest length that a pattern is run on, the worst of them takes a million steps.
 */
export function isPlain(pattern: string): boolean {
  const bare = pattern
    .replace(/\[(?:\\.|[^\]\\])*\]/gs, 'a')
    .replace(/\\(?:[pPu]\{[^}]*\}|.)/gs, 'a')
    .replace(/\(\?(?:[:=!]|<\w+>)/g, '(');
  const repeats = bare.match(/[*+?]|\{\d+,\d*\}/g) ?? [];
  return !/\)[*+?{]/.test(bare) && repeats.length <= 2;
}

/** The verdicts as far as there was time. */
function judge(patterns: string[]): Promise<Map<string, string>> {
  const module = createRequire(import.meta.url).resolve('recheck');
  const verdicts = new Map<string, string>();
  return new Promise((resolve, reject) => {
    const worker = new Worker(SOURCE, {
      eval: true,
      // The checker inside one thread: no further threads, no Java, no native program.
      env: { RECHECK_SYNC_BACKEND: 'pure' },
      workerData: { module, patterns, ms: JUDGE_MS },
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    const end = (settle: () => void) => {
      clearTimeout(timer);
      worker.removeAllListeners();
      // Memory it ran out of counts as not judged.
      worker.on('error', () => undefined);
      void worker.terminate();
      settle();
    };
    const timer = setTimeout(() => end(() => resolve(verdicts)), TOTAL_MS);
    worker.on('message', (verdict: string) => {
      verdicts.set(patterns[verdicts.size] as string, verdict);
      if (verdicts.size === patterns.length) end(() => resolve(verdicts));
    });
    worker.on('error', (error: NodeJS.ErrnoException) =>
      end(() => (error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve(verdicts) : reject(error))),
    );
  });
}
