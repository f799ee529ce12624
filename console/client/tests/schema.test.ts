import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const client = new URL("..", import.meta.url).pathname;

test("the generated types are those of the contract as it is now", async () => {
  const generator = new URL("../../node_modules/openapi-typescript/bin/cli.js", import.meta.url).pathname;
  const contract = new URL("../../../infra/openapi.yaml", import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [generator, contract], { cwd: client, maxBuffer: 1 << 24 });
  // `npm run generate` in `console/` writes them anew.
  expect(await readFile(`${client}src/schema.ts`, "utf8")).toBe(stdout);
});
