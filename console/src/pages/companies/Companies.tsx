import { startTransition, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components/Button";
import { ProgressBar } from "react-aria-components/ProgressBar";
import { useClient } from "../../app/context.tsx";
import type { PageProps } from "../../app/pages.ts";
import { Failure } from "../../parts/Failure.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { Empty, Panel } from "../../parts/parts.tsx";
import { useText } from "../../parts/text.tsx";
import { check, type Known, NOTHING } from "./check.ts";
import { Input } from "./Input.tsx";
import type { List } from "./lists.ts";
import { Picture } from "./Picture.tsx";
import { Results } from "./Results.tsx";
import { texts } from "./texts.ts";
import "./companies.css";

/** So many of the ids that were refused are named. */
const NAMED = 10;

/** Which companies of a list are in the CRM. */
export default function Companies({ integration }: PageProps) {
  const text = useText(texts);
  if (integration === undefined) return <Empty title={text("none")}><p>{text("noneText")}</p></Empty>;
  return <Lookup integration={integration} />;
}

function Lookup({ integration }: { integration: string }) {
  const text = useText(texts);
  const client = useClient();
  const [list, setList] = useState<List>();
  const [known, setKnown] = useState<Known>(NOTHING);
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<unknown>();
  const [company, setCompany] = useState<string>();
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);

  const run = async (ids: string[], before: Known) => {
    stop.current.abort();
    const { signal } = (stop.current = new AbortController());
    setError(undefined);
    setRunning(true);
    try {
      // What is typed or scrolled meanwhile comes first.
      await check(client, integration, ids, before, (so) => startTransition(() => setKnown(so)), signal);
    } catch (cause) {
      if (!signal.aborted) setError(cause);
    }
    if (stop.current.signal === signal) setRunning(false);
  };
  const take = (next: List) => {
    setList(next);
    setKnown(NOTHING);
    setCompany(undefined);
    void run(next.ids, NOTHING);
  };
  const halt = () => {
    stop.current.abort();
    setRunning(false);
  };
  const ids = list?.ids ?? [];
  const { found, refused } = known;
  const done = found.size + refused.size;
  const isPart = done < ids.length;
  const goOn = () => void run(ids, known);
  return (
    <>
      <Input onList={take} />
      {list && ids.length === 0 && <Empty title={text("empty")}><p>{text("emptyText")}</p></Empty>}
      {!list && <Empty title={text("start")}><p>{text("startText")}</p></Empty>}
      {ids.length > 0 && (
        <Panel title={text("results")} aside={isRunning ? <Button className="button" onPress={halt}>{text("stop")}</Button>
          : isPart && error === undefined && <Button className="button" onPress={goOn}>{text("goOn")}</Button>}>
          {isPart && (
            <ProgressBar className="steps" value={done} maxValue={ids.length} aria-label={text("results")}>
              {({ percentage }) => <><span className="bar"><span style={{ width: `${percentage ?? 0}%` }} /></span>{text("looked", { done, all: ids.length })}</>}
            </ProgressBar>
          )}
          {error !== undefined && <Failure error={error} retry={goOn} />}
          {refused.size > 0 && <p className="notice" role="status">{text("refused", { n: refused.size })} <Foreign text={[...refused].slice(0, NAMED).join(" · ")} /></p>}
          {found.size > 0 && <Results key={list?.column} ids={ids} found={found} onOpen={setCompany} opened={company} />}
        </Panel>
      )}
      {company !== undefined && <Picture key={company} integration={integration} company={company} onClose={() => setCompany(undefined)} />}
    </>
  );
}
