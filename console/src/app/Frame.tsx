import type { Schema } from "@abgleich/client";
import { Component, type MouseEvent, type ReactNode, Suspense, use, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { Button } from "react-aria-components/Button";
import { Failure } from "../parts/Failure.tsx";
import { Ask, Choice, Empty, Loading } from "../parts/parts.tsx";
import { LANGUAGES, type Language, SpeechContext, useText } from "../parts/text.tsx";
import { useRead } from "../parts/useRead.ts";
import { FIRST, HOME } from "../session/config.ts";
import { useApp, useClient } from "./context.tsx";
import { Again } from "./Again.tsx";
import { isHeld, release } from "./leaving.ts";
import { PAGES } from "./pages.ts";
import { go, hrefOf, useRoute } from "./route.ts";
import { texts } from "./texts.ts";

type Brief = Schema<"IntegrationBrief">;

/** What is around every page: navigation, the choice of the connection, the user. */
export function Frame() {
  const text = useText(texts);
  const { session } = useApp();
  const user = useSyncExternalStore(session.subscribe, () => session.user);
  const isOver = useSyncExternalStore(session.subscribe, () => session.isOver);
  const { language, speak } = use(SpeechContext);
  const route = useRoute();
  const client = useClient();
  const main = useRef<HTMLElement>(null);
  const allowed = PAGES.filter((page) => page.needs.some((scope) => session.may(scope)));
  const list = useRead(async (signal) => {
    const all: Brief[] = [];
    for await (const { integrations } of client.pages("/v1/integrations", { signal })) all.push(...integrations);
    return all;
  }, [user?.tenant]);
  const integrations = list.data ?? [];
  const chosen = route.integration ?? integrations.find(({ status }) => status !== "removed")?.integration ?? integrations[0]?.integration;
  const page = allowed.find(({ name }) => name === (route.page || FIRST));
  const title = page ? text(page.title) : text("noPage");

  const isNew = list.data !== undefined && chosen !== undefined && !integrations.some(({ integration }) => integration === chosen);
  useEffect(() => {
    // A connection that was made since, for instance.
    if (isNew) list.again();
  }, [isNew, list.again]);

  useLayoutEffect(() => {
    // The style sheet of a page stays when another is opened: each is about its own page, named here.
    document.documentElement.dataset.page = page?.name ?? "";
  }, [page?.name]);
  useEffect(() => {
    document.title = `${title} · Abgleich`;
  }, [title]);

  const [isLeaving, setLeaving] = useState(false);
  const logOut = async () => {
    release();
    // Nothing of the user is left in the history: what was shown is replaced.
    location.replace((await session.end()) ?? new URL(FIRST, HOME));
  };
  const follow = (name: string) => (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go({ page: name, integration: chosen });
    main.current?.focus();
  };

  return (
    <>
      <a className="skip" href="#page" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>{text("skip")}</a>
      <header className="top">
        <span className="brand">Abgleich</span>
        {integrations.length > 0 && (
          <Choice label={text("integration")} isHidden value={chosen ?? ""} choices={integrations.map(({ integration }) => [integration, integration] as const)}
            onChange={(integration) => go({ page: route.page, integration })} />
        )}
        <span className="grow" />
        <Choice<Language> label={text("language")} isHidden value={language} choices={Object.entries(LANGUAGES) as [Language, string][]} onChange={speak} />
        {user && <span className="user">{text("signedIn", { user: user.id, tenant: user.tenant })}</span>}
        <Button className="button quiet" onPress={() => (isHeld() ? setLeaving(true) : void logOut())}>{text("logOut")}</Button>
      </header>
      <nav className="pages" aria-label={text("navigation")}>
        {allowed.map(({ name, title }) => (
          <a key={name} href={hrefOf({ page: name, integration: chosen })} onClick={follow(name)} aria-current={name === page?.name ? "page" : undefined}>{text(title)}</a>
        ))}
      </nav>
      <main id="page" ref={main} tabIndex={-1}>
        <h1>{title}</h1>
        {list.error !== undefined && <Failure error={list.error} retry={list.again} />}
        {allowed.length === 0 && <Empty title={text("nothingAllowed")}><p>{text("nothingAllowedText")}</p></Empty>}
        {allowed.length > 0 && !page && <Empty title={text("noPage")}><p>{text("noPageText")}</p></Empty>}
        {page && (list.data || list.error !== undefined) ? (
          <Border key={`${page.name} ${chosen}`}><Suspense fallback={<Loading />}><page.Body integration={chosen} /></Suspense></Border>
        ) : page && <Loading />}
      </main>
      {isOver && <Again />}
      {isLeaving && (
        <Ask title={text("leave")} does={text("logOut")} onDo={() => void logOut()} onClose={() => setLeaving(false)}><p>{text("leaveText")}</p></Ask>
      )}
    </>
  );
}

/** Shows what went wrong in a page, and keeps the rest. */
class Border extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return this.state.error === undefined ? this.props.children : <Failure error={this.state.error} retry={() => this.setState({ error: undefined })} />;
  }
}
