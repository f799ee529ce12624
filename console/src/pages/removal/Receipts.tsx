import type { Schema } from "@abgleich/client";
import { useState } from "react";
import { useClient } from "../../app/context.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Loading, Mark, Panel } from "../../parts/parts.tsx";
import { useText } from "../../parts/text.tsx";
import { useRead } from "../../parts/useRead.ts";
import { type Checked, checkFiles } from "./check.ts";
import { Contents, Outcome } from "./Receipt.tsx";
import { texts } from "./texts.ts";
import { verify } from "./verify.ts";

/** All receipts that the tenant has, each verified here, and the check of a file against them. It is read anew when `version` changes. */
export function Receipts({ version }: { version: string }) {
  const text = useText(texts);
  const client = useClient();
  const read = useRead(async (signal) => {
    const all: Schema<"Receipt">[] = [];
    for await (const { receipts } of client.pages("/v1/receipts", { signal })) all.push(...receipts);
    const { pem } = (await client.GET("/v1/receipt-key", { signal })).data;
    return { pem, receipts: await Promise.all(all.map(async (receipt) => ({ receipt, verified: await verify(receipt, pem) }))) };
  }, [version]);
  if (!read.data) return read.error === undefined ? <Loading /> : <Failure error={read.error} retry={read.again} />;
  const { pem, receipts } = read.data;
  return (
    <Panel title={text("receipts")}>
      {receipts.length === 0 && <p>{text("noReceipts")}</p>}
      {receipts.map(({ receipt, verified }) => (
        <details key={receipt.number} className="one-receipt">
          <summary>{text("receiptOf", { number: receipt.number, name: receipt.integration, generation: receipt.generation })} {verified.isGood ? <Mark tone="good">{text("verified")}</Mark> : <Outcome verified={verified} />}</summary>
          <Contents receipt={receipt} pem={pem} />
        </details>
      ))}
      <OfFile receipts={receipts.map(({ receipt }) => receipt)} pem={pem} />
    </Panel>
  );
}

/** A receipt that somebody has as a file: which one it is, and whether it is genuine. */
function OfFile({ receipts, pem }: { receipts: Schema<"Receipt">[]; pem: string }) {
  const text = useText(texts);
  const [checked, setChecked] = useState<Checked>();
  const [isUnreadable, setUnreadable] = useState(false);
  const check = async (files: Blob[]) => {
    setChecked(undefined);
    setUnreadable(false);
    try {
      if (files.length > 0) setChecked(await checkFiles(files, receipts, pem));
    } catch {
      // A folder, or a file that was taken away meanwhile. The browser says no more than that.
      setUnreadable(true);
    }
  };
  return (
    <>
      <label className="field file"><span>{text("file")}</span><small>{text("fileWhy")}</small>
        <input type="file" multiple accept=".json,.sig,application/json" onChange={({ target }) => { const files = [...(target.files ?? [])]; target.value = ""; void check(files); }} />
      </label>
      {isUnreadable && <p className="failure" role="alert">{text("fileUnreadable")}</p>}
      <div role="status">{checked && <Said checked={checked} />}</div>
    </>
  );
}

function Said({ checked }: { checked: Checked }) {
  const text = useText(texts);
  switch (checked.kind) {
    case "unclear":
      return <p className="notice">{text("fileUnclear")}</p>;
    case "other":
      return <p className="notice"><strong>{text("fileOther")}</strong> {checked.verified && text(checked.verified.isGood ? "otherSigned" : "otherUnsigned")}</p>;
    case "receipt": {
      const { receipt, verified, isOwnSignature } = checked;
      return (
        <p>
          <strong>{text("fileSame", { number: receipt.number, name: receipt.integration })}</strong>{" "}
          {isOwnSignature && !verified.isGood ? <span className="failure">{text("ownSignature")}</span> : <Outcome verified={verified} />}
        </p>
      );
    }
  }
}
