import type { Schema } from "@abgleich/client";

type Settings = Schema<"Settings">;
type Tree = { [name: string]: unknown };
const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);
const isSame = (one: unknown, other: unknown) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/**
 * What the user changed since `base`, put into what somebody else made of it meanwhile. Of a value that both changed, it is the user's;
 * of mapped fields, each is a value of its own.
 */
export function merge(base: Settings, mine: Settings, theirs: Settings): Settings {
  return trees(base, mine, theirs) as unknown as Settings;
}

function trees(base: Tree, mine: Tree, theirs: Tree): Tree {
  const merged: Tree = {};
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const [was, my, their] = [base[name], mine[name], theirs[name]];
    const isDeep = [was, my, their].every((one) => one === undefined || isTree(one)) && [was, my, their].some(isTree);
    if (isDeep) {
      const deep = trees((was ?? {}) as Tree, (my ?? {}) as Tree, (their ?? {}) as Tree);
      if (Object.keys(deep).length > 0 || (my !== undefined && their !== undefined)) merged[name] = deep;
    } else {
      const value = isSame(was, my) ? their : my;
      if (value !== undefined) merged[name] = value;
    }
  }
  return merged;
}
