import { regionName } from '../../common/admin/region/regions.ts';
import { organisationName } from '../organisations/organisations.api.ts';
import { roleLabel } from '../roles/roles.api.ts';
import { t } from './accounts.texts.ts';
import type { Grant } from './accounts.types.ts';

/** A grant in words: "登记员 · 广东省 深圳市 · 市疾控中心 · 仅本人创建". */
export function grantText(grant: Grant): string {
  return [
    roleLabel(grant.role),
    grant.region ? regionName(grant.region) : t('everywhere'),
    grant.organisation ? organisationName(grant.organisation) : t('everyOrganisation'),
    grant.own ? t('ownShort') : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
