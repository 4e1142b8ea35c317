import type { Answer, BodyOf, Item } from '../../common/admin/api/types.ts';

/** counts: read = the sum of the others, always. */
export type ImportSummary = Item<'listImports'>;
export type ImportView = Answer<'getImport'>;
export type ImportState = ImportSummary['state'];
export type ImportAction = ImportSummary['actions'][number];
export type ImportCounts = ImportSummary['counts'];
export type DuplicateRule = ImportSummary['duplicates'];
export type ImportColumn = ImportView['columns'][number];
export type ImportValue = ImportView['values'][number];
export type MappingInput = BodyOf<'mapImport'>;
export type ImportPreview = Answer<'previewImport'>;
export type PreviewRow = ImportPreview['rows'][number];
export type Review = Item<'listImportReviews'>;
export type Decision = NonNullable<Review['decision']>;
