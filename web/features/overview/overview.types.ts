export interface Count {
  count: number;
  /** "or more". */
  capped: boolean;
}

/** Counts within the account's scope. */
export interface Overview {
  today: string;
  submissions: { total: Count; today: Count; claimed: Count; byDay: { day: string; count: number }[] };
  /** null without the permission to see people. */
  people: Count | null;
  openForms: number;
}
