import { messages, useText } from "./text.tsx";

const texts = messages({
  en: { none: "No window has opened?", open: "Open it here" },
  de: { none: "Es hat sich kein Fenster geöffnet?", open: "Hier öffnen" },
});

/** The way to another host by the user's own hand: a browser may block a window that a page opens. */
export function Way({ url }: { url: string }) {
  const text = useText(texts);
  return <p className="soft">{text("none")} <a href={url} target="_blank" rel="noopener noreferrer">{text("open")}</a></p>;
}
