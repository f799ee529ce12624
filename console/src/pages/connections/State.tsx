import type { Schema } from "@abgleich/client";
import { useRef, useState } from "react";
import { Button } from "react-aria-components/Button";
import { ProgressBar } from "react-aria-components/ProgressBar";
import { useClient, useMay } from "../../app/context.tsx";
import { useReason } from "../../parts/codes.ts";
import { Failure } from "../../parts/Failure.tsx";
import { Mark, Panel } from "../../parts/parts.tsx";
import { useFormat, useText } from "../../parts/text.tsx";
import { Connect } from "./Connect.tsx";
import { PROVIDERS } from "./providers.ts";
import { texts } from "./texts.ts";

type Integration = Schema<"Integration">;

/** The connection in one line, and the run that is under way. */
export function State({ state, onBegun }: { state: Integration; onBegun: () => void }) {
  const text = useText(texts);
  const reason = useReason();
  const format = useFormat();
  const client = useClient();
  const mayWrite = useMay("abgleich/write");
  const mayConnect = useMay("abgleich/admin");
  const [error, setError] = useState<unknown>();
  const [asked, setAsked] = useState<string>();
  const { integration, lastRun, openRun } = state;
  const sync = async () => {
    setError(undefined);
    try {
      await client.POST("/v1/integrations/{integration}/runs", { params: { path: { integration } } });
      setAsked(lastRun?.run ?? "");
      onBegun();
    } catch (cause) {
      setError(cause);
    }
  };
  const last = !lastRun ? text("never")
    : lastRun.failure === null ? text("wasInOrder", { when: format.ago(lastRun.ended) })
    : text("failedWith", { when: format.ago(lastRun.ended), code: reason(lastRun.failure) });
  const facts: [string, string][] = [
    [text("organisation"), `${PROVIDERS[state.provider]} · ${state.organisation}`],
    [text("lastRun"), last],
    [text("nextRun"), state.nextRun === null ? text("notPlanned") : Date.parse(state.nextRun) < Date.now() ? text("due") : format.moment(state.nextRun)],
    [text("requests"), format.number(state.requestsInLastDay)],
  ];
  const isOpen = openRun !== null;
  return (
    <Panel title={integration} aside={
      <>
        <Mark tone={state.status === "connected" ? "good" : state.status === "needs_reconnect" ? "bad" : "wait"}>{text(state.status)}</Mark>
        <span className="grow" />
        {mayWrite && state.status === "connected" && <Button className="button main" isDisabled={isOpen} onPress={() => void sync()}>{text("syncNow")}</Button>}
      </>
    }>
      <dl className="glance">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
      {error !== undefined && <Failure error={error} isChange />}
      {state.status === "needs_reconnect" && mayConnect && <Connect integration={integration} provider={state.provider} onConnected={onBegun} />}
      {asked === (lastRun?.run ?? "") && !isOpen && <p role="status" className="soft">{text("syncAsked")}</p>}
      {openRun && <Open key={openRun.run} run={openRun} objects={state.objects} />}
    </Panel>
  );
}

/** Why a run waits, where it is not the CRM that asks for it. */
const REASONS = new Map<string, "share" | "reserve">([["crm.share_used_up", "share"], ["crm.reserve_reached", "reserve"]]);

function Open({ run, objects }: { run: NonNullable<Integration["openRun"]>; objects: Integration["objects"] }) {
  const text = useText(texts);
  const format = useFormat();
  const now = objects.reduce((sum, { held }) => sum + held, 0);
  const before = useRef(now).current;
  return (
    <div className="run" role="status">
      <ProgressBar isIndeterminate aria-label={text("running")} className="bar"><span className="moving" /></ProgressBar>
      <p><strong>{text("running")}.</strong> {text("runningSince", { when: format.ago(run.begun), before, now })}</p>
      {run.standstill && <p>{text("standstill", { slices: run.standstill.slices, when: format.ago(run.standstill.since) })}</p>}
      {run.waits && <p>{text(REASONS.get(run.waits.reason) ?? "quiet", { when: format.moment(run.waits.until) })}</p>}
    </div>
  );
}
