import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { expect, it } from "vitest";
import { checkFiles } from "./check.ts";
import { verify } from "./verify.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const PEM = publicKey.export({ type: "spki", format: "pem" }) as string;
const signature = (document: string) => sign("sha256", Buffer.from(document), privateKey);

function receipt(number: number) {
  const document = `{"number":${number},"records":1200,"name":"Grüße"}`;
  return { integration: "crm", generation: number, number, document, sha256: createHash("sha256").update(document).digest("hex"), signature: signature(document).toString("base64"), keyId: "k" };
}

const [first, second] = [receipt(1), receipt(2)];
const check = (...files: BlobPart[]) => checkFiles(files.map((one) => new Blob([one])), [first, second], PEM);
const good = { isGood: true };

it("finds which of all receipts a file is, whatever the page shows", async () => {
  for (const one of [first, second]) expect(await check(one.document)).toEqual({ kind: "receipt", receipt: one, isOwnSignature: false, verified: good });
});

it("takes a signature beside the document, in any order", async () => {
  const own = new Uint8Array(signature(first.document));
  expect(await check(own, first.document)).toEqual({ kind: "receipt", receipt: first, isOwnSignature: true, verified: good });
  expect(await check(second.document, own)).toMatchObject({ kind: "receipt", verified: { isGood: false, why: "signature" } });
});

it("calls a changed receipt another document, and says whether its signature is the operator's", async () => {
  const changed = first.document.replace("1200", "1201");
  expect(await check(changed)).toEqual({ kind: "other", verified: undefined });
  expect(await check(changed, new Uint8Array(signature(first.document)))).toEqual({ kind: "other", verified: { isGood: false, why: "signature" } });
  expect(await check("{}", new Uint8Array(signature("{}")))).toEqual({ kind: "other", verified: good });
});

it("is about the bytes: a byte order mark, or a byte that is no UTF-8, makes another document", async () => {
  expect(await check(`\ufeff${first.document}`)).toEqual({ kind: "other", verified: undefined });
  const bytes = new TextEncoder().encode(`\ufeff${first.document}`);
  expect(await verify({ ...first, document: bytes }, PEM)).toEqual({ isGood: false, why: "hash" });
  const [one, other] = [Uint8Array.from([0x7b, 0xff, 0x7d]), Uint8Array.from([0x7b, 0xfe, 0x7d])];
  const ours = { ...first, document: "", sha256: createHash("sha256").update(one).digest("hex") };
  expect(await checkFiles([new Blob([other])], [ours], PEM)).toEqual({ kind: "other", verified: undefined });
});

it("does not guess which of several files is meant, and reads none that is too large", async () => {
  expect(await check(first.document, second.document)).toEqual({ kind: "unclear" });
  expect(await check(new Uint8Array(signature(first.document)))).toEqual({ kind: "unclear" });
  const large = { size: 2 << 20, arrayBuffer: () => Promise.reject(new Error("read")) } as unknown as Blob;
  expect(await checkFiles([large], [first], PEM)).toEqual({ kind: "other", verified: undefined });
});

it("fails where a file cannot be read", async () => {
  const gone = { size: 10, arrayBuffer: () => Promise.reject(new DOMException("", "NotReadableError")) } as unknown as Blob;
  await expect(checkFiles([gone], [first], PEM)).rejects.toMatchObject({ name: "NotReadableError" });
});
