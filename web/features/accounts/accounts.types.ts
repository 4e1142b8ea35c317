export interface Grant {
  role: string;
  /** null: every region. */
  region: string | null;
  /** null: every organisation. */
  organisation: string | null;
  /** Only what the account made itself. */
  own: boolean;
}

export interface Account {
  id: string;
  name: string;
  displayName: string;
  disabled: boolean;
  locked: boolean;
  mustChangePassword: boolean;
  grants: Grant[];
  createdAt: string;
  rev: number;
}
