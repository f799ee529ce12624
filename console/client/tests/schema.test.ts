import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
let fresh: string;

beforeAll(async () => {
  fresh = await mkdtemp(join(tmpdir(), "abgleich-client-"));
  await promisify(execFile)(process.execPath, [here("../scripts/generate.js"), fresh]);
});
afterAll(() => rm(fresh, { recursive: true }));

// `node --run generate` in `console/` writes them anew.
test.each(["schema.ts", "problem-types.ts"])("%s is what the contract generates now", async (name) => {
  expect(await readFile(here(`../src/${name}`), "utf8")).toBe(await readFile(join(fresh, name), "utf8"));
});
