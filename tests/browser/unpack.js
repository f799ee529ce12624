// Unpacks the browser of @sparticuz/chromium into a folder: the program, its libraries, its fonts. Usage: unpack.js FOLDER
import { execFileSync } from "node:child_process";
import { chmodSync, createReadStream, createWriteStream, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const folder = process.argv[2];
const packed = join(import.meta.dirname, "node_modules/@sparticuz/chromium/bin");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

async function opened(name) {
  const to = join(folder, name.replace(/\.br$/, ""));
  await pipeline(createReadStream(join(packed, name)), createBrotliDecompress(), createWriteStream(to));
  return to;
}

chmodSync(await opened("chromium.br"), 0o755);
for (const name of ["al2023.tar.br", "fonts.tar.br", "swiftshader.tar.br"]) {
  const archive = await opened(name);
  execFileSync("tar", ["-xf", archive, "-C", folder]);
  rmSync(archive);
}
// The packed configuration has the paths of Lambda.
const file = join(folder, "fonts.conf");
const config = readFileSync(file, "utf8");
writeFileSync(file, config.replace(/<dir[^>]*>[^<]*<\/dir>/, `<dir>${join(folder, "fonts")}</dir>`).replace(/<cachedir>[^<]*<\/cachedir>/g, `<cachedir>${join(folder, "cache")}</cachedir>`));
