import { answer, api, newKey, write } from '../../../common/admin/api/http.ts';
import type { Answer, BodyOf } from '../../../common/admin/api/types.ts';
import type { Mapping } from '../../../../server/shared/forms/mappings.ts';
import type { FormDetail } from '../forms.types.ts';

const PATH = '/api/business/forms/{formKey}';
export type FormDiff = Answer<'diffForm'>;
export type Change = FormDiff['changes'][number];
export type Proposal = Answer<'listFormProposals'>['items'][number];
export type Migration = Answer<'getFormMigration'>;
export type MigrationSummary = Answer<'listFormMigrations'>['items'][number];
export type MigrationAction = Migration['actions'][number];
export type ProposalInput = BodyOf<'proposeForm'>;

const at = (formKey: string) => ({ path: { formKey } });
const one = (formKey: string, id: string) => ({ path: { formKey, id } });
/** The API's document calls a mapping an open map. */
export const open = (mappings: readonly Mapping[]) => mappings as unknown as Record<string, unknown>[];
const detail = async (call: Promise<unknown>) => (await call) as FormDetail;

/** What differs between two versions; a side is a number or `working`. */
export const diffForm = (formKey: string, from: string, to: string): Promise<FormDiff> =>
  answer(api.GET(`${PATH}/diff`, { params: { ...at(formKey), query: { from, to } } }));

export const listProposals = async (formKey: string): Promise<Proposal[]> =>
  (await answer(api.GET(`${PATH}/proposals`, { params: at(formKey) }))).items;

export const getProposal = (formKey: string, id: string): Promise<Answer<'getFormProposal'>> =>
  answer(api.GET(`${PATH}/proposals/{id}`, { params: one(formKey, id) }));

/** Hands the working version in: for review, or to be published at a time. */
export const propose = (formKey: string, body: ProposalInput): Promise<FormDetail> =>
  detail(answer(api.POST(`${PATH}/proposals`, { params: { ...at(formKey), header: write(newKey()) }, body })));

export const approve = (formKey: string, id: string): Promise<FormDetail> =>
  detail(
    answer(api.POST(`${PATH}/proposals/{id}/approve`, { params: { ...one(formKey, id), header: write(newKey()) } })),
  );

export const sendBack = (formKey: string, id: string, reason: string): Promise<FormDetail> =>
  detail(
    answer(
      api.POST(`${PATH}/proposals/{id}/return`, { params: { ...one(formKey, id), header: write() }, body: { reason } }),
    ),
  );

export const cancelProposal = (formKey: string, id: string): Promise<FormDetail> =>
  detail(answer(api.POST(`${PATH}/proposals/{id}/cancel`, { params: { ...one(formKey, id), header: write() } })));

export const retireVersion = (formKey: string, number: number): Promise<FormDetail> =>
  detail(
    answer(api.POST(`${PATH}/versions/{number}/retire`, { params: { path: { formKey, number }, header: write() } })),
  );

export const setReviewed = (formKey: string, reviewed: boolean): Promise<FormDetail> =>
  detail(answer(api.PUT(`${PATH}/review-rule`, { params: { ...at(formKey), header: write() }, body: { reviewed } })));

export const listMigrations = async (formKey: string): Promise<MigrationSummary[]> =>
  (await answer(api.GET(`${PATH}/migrations`, { params: at(formKey) }))).items;

export const getMigration = (formKey: string, id: string): Promise<Migration> =>
  answer(api.GET(`${PATH}/migrations/{id}`, { params: one(formKey, id) }));

/** Counts what a version touches; nothing is written. */
export const checkMigration = (
  formKey: string,
  body: { target: 'current' | 'working'; rev?: number; dropLost?: boolean; mappings: readonly Mapping[] },
): Promise<MigrationSummary> =>
  answer(
    api.POST(`${PATH}/migrations`, {
      params: { ...at(formKey), header: write(newKey()) },
      body: { dropLost: false, ...body, mappings: open(body.mappings) },
    }),
  );

export const steerMigration = (formKey: string, id: string, action: MigrationAction): Promise<MigrationSummary> =>
  answer(
    api.POST(`${PATH}/migrations/{id}/{action}`, {
      params: { path: { formKey, id, action }, header: write(newKey()) },
    }),
  );
