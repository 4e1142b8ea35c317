import type { SubmissionDoc } from './submissions.model.ts';

/** What is added to `rules` when a submission goes under another version: with the first change also what was before. */
export function rulesStep(
  { rules, version, submittedAt }: Pick<SubmissionDoc, 'rules' | 'version' | 'submittedAt'>,
  next: number,
  at: Date,
): { rules: { $each: { version: number; from: Date }[] } } {
  const step = { version: next, from: at };
  return { rules: { $each: rules?.length ? [step] : [{ version, from: submittedAt }, step] } };
}

/** The versions that a submission was under, oldest first; `until` is null for the one it is under now. */
export function rulesOf({ rules, version, submittedAt }: Pick<SubmissionDoc, 'rules' | 'version' | 'submittedAt'>) {
  const steps = rules?.length ? rules : [{ version, from: submittedAt }];
  return steps.map((step, at) => ({
    version: step.version,
    from: step.from.toISOString(),
    until: steps[at + 1]?.from.toISOString() ?? null,
  }));
}
