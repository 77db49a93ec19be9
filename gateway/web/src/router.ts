/** The address bar is the state: which view, and everything the view was set to. */
import { useSyncExternalStore } from "react";

export type View = "overview" | "reports" | "schedules" | "work_lists" | "measures";

/** View → path. The gateway answers each of them with the page. */
export const PATHS: Record<View, string> = {
  overview: "/",
  reports: "/reports",
  schedules: "/schedules",
  work_lists: "/work-lists",
  measures: "/measures",
};

export interface Place {
  view: View;
  params: URLSearchParams;
}

let place = read();
const listeners = new Set<() => void>();

function read(): Place {
  const path = location.pathname.replace(/(.)\/$/, "$1");
  const found = (Object.keys(PATHS) as View[]).find((view) => PATHS[view] === path);
  return { view: found ?? "overview", params: new URLSearchParams(location.search) };
}

function arrive(): void {
  place = read();
  for (const listener of listeners) listener();
}

addEventListener("popstate", arrive);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const usePlace = (): Place => useSyncExternalStore(subscribe, () => place);

/** Goes to a view, set as `params` say, as its own step in the history. */
export function go(view: View, params: Record<string, string> = {}): void {
  const search = new URLSearchParams(params).toString();
  history.pushState(null, "", PATHS[view] + (search && `?${search}`));
  arrive();
  scrollTo(0, 0);
}

/** Changes parts of the query: `undefined` takes one away. */
export function set(changes: Record<string, string | undefined>): void {
  const params = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) params.delete(name);
    else params.set(name, value);
  }
  const search = params.toString();
  history.pushState(null, "", location.pathname + (search && `?${search}`));
  arrive();
}
