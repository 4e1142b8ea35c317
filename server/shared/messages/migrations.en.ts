import type { MigrationCode } from '../forms/codes.ts';

/** What is wrong with mappings between versions, and why an answer does not come along to another version. */
const texts: Record<MigrationCode, string> = {
  mapping_unknown_field: 'There is no field “{field}” on this side of the mapping',
  mapping_unfit: 'This mapping doesn’t fit the field “{field}”',
  mapping_unknown_option: 'The new version has no option “{field}”',
  mapping_twice: 'The field “{field}” is filled by two mappings',
  field_removed: 'The form no longer asks for this',
  hidden: 'This isn’t asked any more with your other answers',
  consent_changed: 'What is agreed to here has changed. Please read it and agree again',
  recomputed: 'This is worked out by the system now',
};
export default texts;
