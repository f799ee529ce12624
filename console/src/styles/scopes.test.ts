import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const PAGES = new URL("../pages/", import.meta.url);

/** What stands outside of all braces: selectors and at-rules. */
function outermost(css: string): string[] {
  let depth = 0;
  let prelude = "";
  const found: string[] = [];
  for (const char of css.replaceAll(/\/\*[^]*?\*\//g, "")) {
    if (char === "{" && depth++ === 0) found.push(prelude.trim());
    if (char === "}") depth -= 1;
    prelude = depth > 0 || char === "}" ? "" : prelude + char;
  }
  return found;
}

test("the styles of a page are about that page and no other, since they stay when another is opened", () => {
  const pages = readdirSync(PAGES);
  const files = pages.flatMap((page) => readdirSync(new URL(page, PAGES)).filter((name) => name.endsWith(".css")).map((name) => `${page}/${name}`));
  expect(files.length).toBeGreaterThan(5);
  const loose = files.flatMap((file) => outermost(readFileSync(new URL(file, PAGES), "utf8"))
    .filter((rule) => rule !== `[data-page="${file.split("/")[0]}"]` && !rule.startsWith("@keyframes "))
    .map((rule) => `${file}: ${rule}`));
  expect(loose).toEqual([]);
});
