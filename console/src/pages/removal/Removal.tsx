import type { Schema } from "@abgleich/client";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient, useMay } from "../../app/context.tsx";
import type { PageProps } from "../../app/pages.ts";
import { Failure } from "../../parts/Failure.tsx";
import { Ask, Empty, Loading, Panel } from "../../parts/parts.tsx";
import { useText } from "../../parts/text.tsx";
import { useRead } from "../../parts/useRead.ts";
import { Export } from "./Export.tsx";
import { Progress } from "./Progress.tsx";
import { Receipt } from "./Receipt.tsx";
import { Receipts } from "./Receipts.tsx";
import { texts } from "./texts.ts";
import "./removal.css";

/** The end of a connection: the export before it, the removal, and its receipt. Receipts of earlier removals are there for everybody who may read. */
export default function Removal({ integration }: PageProps) {
  const text = useText(texts);
  if (integration === undefined) return <><Empty title={text("none")}><p>{text("noneText")}</p></Empty><Receipts version="" /></>;
  return <OfOne integration={integration} />;
}

const LIVE = 1_000;

function OfOne({ integration }: { integration: string }) {
  const text = useText(texts);
  const client = useClient();
  const isAdmin = useMay("abgleich/admin");
  const [isLive, setLive] = useState(false);
  const params = { path: { integration } };
  const read = useRead(async (signal): Promise<{ status: Schema<"IntegrationStatus">; removal?: Schema<"Removal"> }> => {
    const { data: { status } } = await client.GET("/v1/integrations/{integration}", { params, signal });
    if (status !== "removing" && status !== "removed") return { status };
    const { data: removal } = await client.GET("/v1/integrations/{integration}/removal", { params, signal });
    setLive(removal.stage !== "done");
    return { status, removal };
  }, [integration], isLive ? LIVE : undefined);
  if (!read.data) return read.error === undefined ? <Loading /> : <Failure error={read.error} retry={read.again} />;
  const { removal } = read.data;
  if (removal) {
    return (
      <>
        {read.error !== undefined && <Failure error={read.error} retry={read.again} />}
        <Progress removal={removal} />
        {removal.stage === "done" && <Receipt integration={integration} />}
        <Receipts version={`${integration} ${removal.stage === "done"}`} />
      </>
    );
  }
  return (
    <>
      {isAdmin ? <Begin integration={integration} onBegun={() => { setLive(true); read.again(); }} /> : <Empty title={text("title", { name: integration })}><p>{text("notAllowed")}</p></Empty>}
      <Receipts version={integration} />
    </>
  );
}

function Begin({ integration, onBegun }: { integration: string; onBegun: () => void }) {
  const text = useText(texts);
  const client = useClient();
  const [typed, setTyped] = useState("");
  const [isAsked, setAsked] = useState(false);
  const [error, setError] = useState<unknown>();
  const remove = async () => {
    setAsked(false);
    setError(undefined);
    try {
      await client.DELETE("/v1/integrations/{integration}", { params: { path: { integration } } });
      onBegun();
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <>
      <p className="notice">{text("what")}</p>
      <Export integration={integration} />
      <Panel title={text("confirmTitle")}>
        <label className="field">
          <span>{text("confirm", { name: integration })}</span>
          <input value={typed} onChange={({ target }) => setTyped(target.value)} autoComplete="off" spellCheck={false} />
        </label>
        {error !== undefined && <Failure error={error} isChange />}
        <Button className="button danger" isDisabled={typed !== integration} onPress={() => setAsked(true)}>{text("remove")}</Button>
      </Panel>
      {isAsked && (
        <Ask title={text("sure", { name: integration })} does={text("remove")} isDanger onDo={() => void remove()} onClose={() => setAsked(false)}><p>{text("sureText")}</p></Ask>
      )}
    </>
  );
}
