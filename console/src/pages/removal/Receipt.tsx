import type { Schema } from "@abgleich/client";
import { Button } from "react-aria-components/Button";
import { useClient } from "../../app/context.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Loading, Mark, Panel } from "../../parts/parts.tsx";
import { useText } from "../../parts/text.tsx";
import { useRead } from "../../parts/useRead.ts";
import { texts } from "./texts.ts";
import { decoded, type Verified, verify } from "./verify.ts";

const FILES = { document: "receipt.json", signature: "receipt.sig", key: "receipt-key.pem" } as const;
const COMMAND = `openssl dgst -sha256 -verify ${FILES.key} -signature ${FILES.signature} ${FILES.document}`;
const WHY = { hash: "badHash", signature: "badSignature", unreadable: "unreadable" } as const;

/** The receipt of one removal, verified here with the public key. */
export function Receipt({ integration }: { integration: string }) {
  const text = useText(texts);
  const client = useClient();
  const read = useRead(async (signal) => {
    const [receipt, key] = await Promise.all([
      client.GET("/v1/integrations/{integration}/receipt", { params: { path: { integration } }, signal }), client.GET("/v1/receipt-key", { signal }),
    ]);
    return { receipt: receipt.data, key: key.data, verified: await verify(receipt.data, key.data.pem) };
  }, [integration]);
  if (!read.data) return read.error === undefined ? <Loading /> : <Failure error={read.error} retry={read.again} />;
  const { receipt, key, verified } = read.data;
  return (
    <Panel title={text("receipt", { number: receipt.number })} aside={<Outcome verified={verified} />}>
      <Contents receipt={receipt} pem={key.pem} />
    </Panel>
  );
}

/** What a receipt says, with all that it takes to verify it elsewhere. */
export function Contents({ receipt, pem }: { receipt: Schema<"Receipt">; pem: string }) {
  const text = useText(texts);
  const files: [keyof typeof FILES, BlobPart][] = [["document", receipt.document], ["signature", decoded(receipt.signature)], ["key", pem]];
  return (
    <>
      <p>{text("verifyBy")}</p>
      <pre className="code">{COMMAND}</pre>
      <div className="row">
        {files.map(([what, content]) => <Button key={what} className="button" onPress={() => download(FILES[what], content)}>{text(what)}: {FILES[what]}</Button>)}
      </div>
      <dl className="facts"><div><dt>{text("keyId")}</dt><dd><code>{receipt.keyId}</code></dd></div><div><dt>SHA-256</dt><dd><code>{receipt.sha256}</code></dd></div></dl>
      <details><summary>{text("contents")}</summary><pre className="code">{readable(receipt.document)}</pre></details>
    </>
  );
}

export function Outcome({ verified }: { verified: Verified }) {
  const text = useText(texts);
  return verified.isGood ? <Mark tone="good">{text("good")}</Mark> : <strong className="mark bad" role="alert">{text(WHY[verified.why])}</strong>;
}

/** For reading only: exactly the bytes of the document are signed. */
function readable(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document), null, 2);
  } catch {
    return document;
  }
}

function download(name: string, content: BlobPart): void {
  const url = URL.createObjectURL(new Blob([content]));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
