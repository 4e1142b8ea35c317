import type { FormContent } from '../../../shared/fields/index.ts';
import type { Mapping } from '../../../shared/forms/mappings.ts';
import type { Deps } from '../../deps.ts';
import { formModel, formVersionModel, type FormStatus } from './forms.model.ts';

/** A published version as the readers of it need it. Cached: not to be changed by them. */
export interface PublishedVersion {
  key: string;
  version: number;
  content: FormContent;
  publishedAt: string;
  publishedBy: string;
  /** How answers to the version before go over to this one. */
  mappings: Mapping[];
}

export interface CurrentForm extends PublishedVersion {
  status: FormStatus;
  /** Earlier versions whose answers are still taken, and until when. Not there if a host of the release before cached it. */
  accepts?: { version: number; until: string }[];
}

const CURRENT_TTL = 300;
const VERSION_TTL = 3_600;
/** Versions that a process keeps, the last used. */
const KEPT = 50;
/** Versions that may be in their grace time together. */
const MOST_ACCEPTED = 50;
const currentKey = (key: string) => `form:${key}`;

/** Hot reads of published forms: through the cache, which every change drops. */
export function createPublished({ mongo, cache, clock }: Deps) {
  const forms = formModel(mongo);
  const versions = formVersionModel(mongo);
  const kept = new Map<string, PublishedVersion>();

  async function load(key: string, number: number): Promise<PublishedVersion | null> {
    const found = await versions.findOne({ formKey: key, number }).lean();
    if (!found) return null;
    const { content, publishedAt, publishedBy, mappings } = found;
    return {
      key,
      version: number,
      content,
      publishedAt: publishedAt.toISOString(),
      publishedBy,
      mappings: mappings ?? [],
    };
  }

  async function loadCurrent(key: string): Promise<CurrentForm | null> {
    const form = await forms.findById(key, { status: 1, currentVersion: 1 }).lean();
    if (!form?.currentVersion) return null;
    const version = await load(key, form.currentVersion);
    const accepted = await versions
      .find(
        { formKey: key, number: { $lt: form.currentVersion }, acceptedUntil: { $gt: clock() } },
        { number: 1, acceptedUntil: 1 },
      )
      .sort({ number: -1 })
      .limit(MOST_ACCEPTED)
      .lean();
    const accepts = accepted.map(({ number, acceptedUntil }) => ({
      version: number,
      until: acceptedUntil!.toISOString(),
    }));
    return version && { ...version, status: form.status, accepts };
  }

  /** One version. Versions never change, so this process keeps the last used ones: lists ask for one with every row. */
  async function version(key: string, number: number): Promise<PublishedVersion | null> {
    const name = `form:${key}:${number}`;
    const found = kept.get(name) ?? (await cache.get(name, { ttl: VERSION_TTL, load: () => load(key, number) }));
    if (!found) return null;
    kept.delete(name);
    kept.set(name, found);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value as string);
    return found;
  }

  return {
    /** The current version of a form, open or closed; null when it was never published. */
    published: (key: string) => cache.get(currentKey(key), { ttl: CURRENT_TTL, load: () => loadCurrent(key) }),
    version,
    /** Call it in the transaction that changes what `published` answers. */
    drop: (key: string, number?: number) =>
      cache.drop(currentKey(key), 'forms:open', ...(number ? [`form:${key}:${number}`] : [])),
    /** The open forms, by key. */
    async open(): Promise<CurrentForm[]> {
      const keys =
        (await cache.get('forms:open', {
          ttl: CURRENT_TTL,
          load: async () =>
            (
              await forms
                .find({ status: 'open', currentVersion: { $gt: 0 } }, { _id: 1 })
                .sort({ _id: 1 })
                .limit(200)
                .lean()
            ).map(({ _id }) => _id),
        })) ?? [];
      const found: CurrentForm[] = [];
      for (const key of keys) {
        const form = await this.published(key);
        if (form?.status === 'open') found.push(form);
      }
      return found;
    },
  };
}

export type Published = ReturnType<typeof createPublished>;
