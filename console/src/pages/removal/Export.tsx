import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient } from "../../app/context.tsx";
import { useReason } from "../../parts/codes.ts";
import { Failure } from "../../parts/Failure.tsx";
import { Panel } from "../../parts/parts.tsx";
import { useFormat, useText } from "../../parts/text.tsx";
import { useRead } from "../../parts/useRead.ts";
import { texts } from "./texts.ts";

const LIVE = 1_000;
/** A link works for five minutes; a new one is asked for before. */
const RENEWED = 240_000;

/** The copy as a file, before it is deleted. */
export function Export({ integration }: { integration: string }) {
  const text = useText(texts);
  const client = useClient();
  const [name, setName] = useState<string>();
  const [error, setError] = useState<unknown>();
  const begin = async () => {
    setError(undefined);
    try {
      const { data } = await client.POST("/v1/integrations/{integration}/exports", { params: { path: { integration } } });
      setName(data.export);
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Panel title={text("exportTitle")}>
      <p>{text("exportWhat")}</p>
      {error !== undefined && <Failure error={error} isChange />}
      {name === undefined ? <Button className="button" onPress={() => void begin()}>{text("exportBegin")}</Button> : <Written integration={integration} name={name} />}
    </Panel>
  );
}

function Written({ integration, name }: { integration: string; name: string }) {
  const text = useText(texts);
  const reason = useReason();
  const format = useFormat();
  const client = useClient();
  const [isWriting, setWriting] = useState(true);
  const read = useRead(async (signal) => {
    const { data } = await client.GET("/v1/integrations/{integration}/exports/{export}", { params: { path: { integration, export: name } }, signal });
    setWriting(data.status === "writing");
    return data;
  }, [name], isWriting ? LIVE : RENEWED);
  const file = read.data;
  if (!file) return read.error === undefined ? null : <Failure error={read.error} retry={read.again} />;
  const { records, relations } = file;
  return (
    <div role="status">
      {file.status === "writing" && <p>{text("exportWriting", { records, relations })} …</p>}
      {file.status === "failed" && <p className="failure">{text("exportFailed", { code: reason(file.failure ?? "") })}</p>}
      {file.withheld > 0 && <p>{text("exportWithheld", { n: file.withheld })}</p>}
      {file.status === "done" && file.url !== null && (
        <p>{text("exportDone", { records, relations, size: format.megabytes(file.bytes) })} <a className="button" href={file.url} download={`${integration}.ndjson.gz`}>{text("exportGet")}</a></p>
      )}
    </div>
  );
}
