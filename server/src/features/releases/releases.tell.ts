import type { ReleaseDoc, ReleaseEvent } from './releases.model.ts';

/** Tells the world of what became of a release. Called inside of the transaction that changes the record. */
export interface TellRelease {
  /** An event was added. */
  event(doc: ReleaseDoc, event: ReleaseEvent): Promise<void>;
  approved(doc: ReleaseDoc): Promise<void>;
  expired(doc: ReleaseDoc): Promise<void>;
}
