export interface Organisation {
  id: string;
  name: string;
  parent: string | null;
  region: string | null;
  path: string[];
  rev: number;
}
