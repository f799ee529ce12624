import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vitest/config";

export default defineConfig({
  plugins: [react(), compressed()],
  // Relative addresses: the console works below any path that an operator maps the API to.
  base: "./",
  // The content security policy allows no inline code, and no data: addresses either.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: "es2023" },
  test: { include: ["client/tests/**/*.test.ts", "src/**/*.test.{ts,tsx}"] },
});

/** Puts each file's compressed forms beside it. The function that serves them has no time for that. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    async writeBundle({ dir = "dist" }) {
      const files = await readdir(dir, { recursive: true, withFileTypes: true });
      for (const file of files) {
        if (!file.isFile() || !/\.(html|js|css|svg|json)$/.test(file.name)) continue;
        const path = join(file.parentPath, file.name);
        const content = await readFile(path);
        const forms = {
          gz: await promisify(gzip)(content, { level: 9 }),
          br: await promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
        };
        for (const [end, form] of Object.entries(forms)) if (form.length < content.length) await writeFile(`${path}.${end}`, form);
      }
    },
  };
}
