import { Failure } from "../../parts/Failure.tsx";
import { Empty, Loading } from "../../parts/parts.tsx";
import { useText } from "../../parts/text.tsx";
import { useRead } from "../../parts/useRead.ts";
import { useClient, useMay } from "../../app/context.tsx";
import type { PageProps } from "../../app/pages.ts";
import { Budget } from "./Budget.tsx";
import { Connect } from "./Connect.tsx";
import { Held } from "./Held.tsx";
import { History } from "./History.tsx";
import { Objects } from "./Objects.tsx";
import { Preflight } from "./Preflight.tsx";
import { Settings } from "./Settings.tsx";
import { State } from "./State.tsx";
import { texts } from "./texts.ts";
import { useState } from "react";
import "./connections.css";

/** While a run is under way, the state is read this often. */
const LIVE = 1_500;
const CALM = 30_000;

/** The state of one connection at a glance, and what can be done about it. */
export default function Connections({ integration }: PageProps) {
  return integration === undefined ? <Nothing /> : <Connection integration={integration} />;
}

function Nothing() {
  const text = useText(texts);
  const isAdmin = useMay("abgleich/admin");
  return (
    <Empty title={text("none")}>
      <p>{text("noneText")}</p>
      {isAdmin ? <Connect /> : <p>{text("noneNot")}</p>}
    </Empty>
  );
}

/** One more CRM beside those that are connected: a second organisation, or another vendor's. */
function Another() {
  const text = useText(texts);
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="another" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{text("another")}</summary>
      {isOpen && <Connect />}
    </details>
  );
}

function Connection({ integration }: { integration: string }) {
  const text = useText(texts);
  const client = useClient();
  const isAdmin = useMay("abgleich/admin");
  const [isLive, setLive] = useState(false);
  const path = { params: { path: { integration } } };
  const read = useRead(async (signal) => {
    const { data } = await client.GET("/v1/integrations/{integration}", { ...path, signal });
    setLive(data.openRun !== null);
    return data;
  }, [integration], isLive ? LIVE : CALM);
  const state = read.data;
  if (!state) return read.error === undefined ? <Loading /> : <Failure error={read.error} retry={read.again} />;
  if (state.status === "removed") {
    return <Empty title={text("gone")}><p>{text("goneText")}</p>{isAdmin && <><Connect integration={integration} onConnected={read.again} /><Another /></>}</Empty>;
  }
  const isConnected = state.status === "connected" || state.status === "needs_reconnect";
  const isHeld = state.objects.some(({ deletionsWaiting, deletionsLeft }) => deletionsWaiting + deletionsLeft > 0);
  // What a run that ended has changed is read again after it.
  const version = state.lastRun?.run ?? "";
  return (
    <>
      {read.error !== undefined && <Failure error={read.error} retry={read.again} />}
      <State state={state} onBegun={() => { setLive(true); read.again(); }} />
      {isAdmin && isHeld && <Held key={version} integration={integration} onDecided={() => setLive(true)} />}
      <Objects objects={state.objects} />
      <History integration={integration} version={version} />
      <Budget state={state} />
      {isConnected && isAdmin && <Preflight integration={integration} isNew={state.lastRun === null} />}
      {isConnected && <Settings integration={integration} />}
      {isAdmin && <Another />}
    </>
  );
}
