import type { Schema } from "@abgleich/client";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient } from "../../app/context.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Mark, Panel } from "../../parts/parts.tsx";
import { useText } from "../../parts/text.tsx";
import { texts } from "./texts.ts";

/** Whether all assessments are as they were recorded. */
export function Chain() {
  const text = useText(texts);
  const client = useClient();
  const [chain, setChain] = useState<Schema<"Chain">>();
  const [error, setError] = useState<unknown>();
  const check = async () => {
    setError(undefined);
    try {
      setChain((await client.GET("/v1/assessment-chain")).data);
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Panel title={text("chain")} aside={<Button className="button" onPress={() => void check()}>{text("check")}</Button>}>
      <p className="soft">{text("chainText")}</p>
      {error !== undefined && <Failure error={error} retry={() => void check()} />}
      <div role="status">
        {chain && (chain.broken === null ? <Mark tone="good">{text("intact", { n: chain.entries })}</Mark> : <p className="failure">{text("broken", { n: chain.entries })}</p>)}
        {chain && <p className="soft">{text("head")}: <code>{chain.head}</code></p>}
      </div>
    </Panel>
  );
}
