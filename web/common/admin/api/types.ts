import type { operations } from '../../../api/schema.d.ts';

type Json<R> = R extends { content: { 'application/json': infer T } } ? T : never;
type Success<R> = { [S in keyof R & (200 | 201 | 202)]: Json<R[S]> }[keyof R & (200 | 201 | 202)];

/** What an operation answers. */
export type Answer<Op extends keyof operations> = Success<operations[Op]['responses']>;
/** One row of what a list operation answers. */
export type Item<Op extends keyof operations> = Answer<Op> extends { items: (infer T)[] } ? T : never;
/** What an operation takes after the question mark. */
export type QueryOf<Op extends keyof operations> = NonNullable<operations[Op]['parameters']['query']>;
/** What an operation takes as its body. */
export type BodyOf<Op extends keyof operations> = operations[Op] extends {
  requestBody: { content: { 'application/json': infer T } };
}
  ? T
  : never;
