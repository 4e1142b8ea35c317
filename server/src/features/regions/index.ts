import type { Deps } from '../../deps.ts';
import { RegionsController } from './regions.controller.ts';
import { buildTree, type RegionTree } from './regions.tree.ts';

export type { RegionItem, RegionTree } from './regions.tree.ts';
export type Regions = ReturnType<typeof createRegions>;

/** The regions of China by GB/T 2260 code. */
export function createRegions(_deps: Pick<Deps, never>): RegionTree & { controllers: object[] } {
  const tree = buildTree();
  return { ...tree, controllers: [new RegionsController(tree)] };
}
