import { type ComponentType, lazy, type LazyExoticComponent } from "react";
import type { Scope } from "../session/session.ts";
import type { texts } from "./texts.ts";

/** What a page is told: the integration that the user chose. Pages that are about all of a tenant ignore it. */
export interface PageProps {
  integration: string | undefined;
}

export interface Page {
  /** The last segment of its address. */
  name: string;
  title: keyof (typeof texts)["en"];
  /** It is offered to users who have any of these. */
  needs: Scope[];
  Body: LazyExoticComponent<ComponentType<PageProps>>;
}

/** To add a page: a line here, its title in texts.ts, and a folder with its component and its texts. Its code is loaded when it is opened. */
export const PAGES: Page[] = [
  { name: "connections", title: "connections", needs: ["abgleich/read"], Body: lazy(() => import("../pages/connections/Connections.tsx")) },
  { name: "companies", title: "companies", needs: ["abgleich/read"], Body: lazy(() => import("../pages/companies/Companies.tsx")) },
  { name: "relations", title: "relations", needs: ["abgleich/read"], Body: lazy(() => import("../pages/relations/Relations.tsx")) },
  { name: "create", title: "create", needs: ["abgleich/write"], Body: lazy(() => import("../pages/create/Create.tsx")) },
  { name: "people", title: "people", needs: ["abgleich/write", "abgleich/admin"], Body: lazy(() => import("../pages/people/People.tsx")) },
  { name: "facts", title: "facts", needs: ["abgleich/read"], Body: lazy(() => import("../pages/facts/Facts.tsx")) },
  { name: "removal", title: "removal", needs: ["abgleich/read"], Body: lazy(() => import("../pages/removal/Removal.tsx")) },
];
