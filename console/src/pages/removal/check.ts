import type { Schema } from "@abgleich/client";
import { hashOf, type Verified, verify } from "./verify.ts";

type Receipt = Schema<"Receipt">;

/** What a document that somebody has is: one of the tenant's receipts, or another document, of which a signature may say who signed it. */
export type Checked = { kind: "receipt"; receipt: Receipt; isOwnSignature: boolean; verified: Verified } | { kind: "other"; verified: Verified | undefined } | { kind: "unclear" };

/** A receipt has some kilobytes. What is larger is not read. */
const LARGEST = 1 << 20;
/** A signature on P-256 has at most this many bytes as DER. */
const LONGEST_SIGNATURE = 72;

/** Checks the files that a user chose: a document, with its signature or without. A file that cannot be read fails. */
export async function checkFiles(files: readonly Blob[], receipts: readonly Receipt[], pem: string): Promise<Checked> {
  if (files.some(({ size }) => size > LARGEST)) return files.length === 1 ? { kind: "other", verified: undefined } : { kind: "unclear" };
  // The bytes as they are: a text would lose its byte order mark, and what is no UTF-8.
  const read = await Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer())));
  const [documents, signatures] = [read.filter((bytes) => !isSignature(bytes)), read.filter(isSignature)];
  const [document, signature] = [documents[0], signatures[0]];
  if (!document || documents.length > 1 || signatures.length > 1) return { kind: "unclear" };
  return checkDocument(document, signature, receipts, pem);
}

/** Checks a document by its hash against all receipts, and its signature by the key. */
export async function checkDocument(document: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer> | undefined, receipts: readonly Receipt[], pem: string): Promise<Checked> {
  const sha256 = await hashOf(document);
  const receipt = receipts.find((one) => one.sha256 === sha256);
  if (receipt) return { kind: "receipt", receipt, isOwnSignature: signature !== undefined, verified: await verify({ document, sha256, signature: signature ?? receipt.signature }, pem) };
  return { kind: "other", verified: signature && (await verify({ document, sha256, signature }, pem)) };
}

/** Whether a file is a signature as receipts have it: one DER sequence that fills it. */
function isSignature(bytes: Uint8Array): boolean {
  return bytes[0] === 0x30 && bytes[1] === bytes.length - 2 && bytes.length <= LONGEST_SIGNATURE;
}
