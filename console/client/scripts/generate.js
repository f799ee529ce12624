// Writes what is generated from the contract into the folder that is named: `node scripts/generate.js src`.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = process.argv[2];
const path = (from) => fileURLToPath(new URL(from, import.meta.url));
const contract = path("../../../infra/openapi.yaml");

const generator = path("../../node_modules/openapi-typescript/bin/cli.js");
execFileSync(process.execPath, [generator, contract, "--default-non-nullable=false", "--output", `${folder}/schema.ts`], { stdio: ["ignore", "ignore", "inherit"] });

// openapi-typescript leaves extensions out. Each type of problem is one line there.
const types = readFileSync(contract, "utf8").matchAll(/^ +- \{ type: (\S+), status: (\d+), title: ("[^"]*") \}$/gm);
const lines = [...types].map(([, type, status, title]) => `  ${JSON.stringify(type)}: { status: ${status}, title: ${title} },\n`);
if (lines.length < 50) throw new Error("the contract's list of problems was not found");
writeFileSync(
  `${folder}/problem-types.ts`,
  `// Generated from the contract by scripts/generate.js.

/** The types of problems, with their status and title. \`<provider>-*\` stands for the codes of a CRM. */
export const PROBLEM_TYPES = {
${lines.join("")}} as const;

export type ProblemType = keyof typeof PROBLEM_TYPES;
`,
);
