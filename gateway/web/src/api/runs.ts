/** Runs of reports: what the server tells of one while it goes on, and which of them are followed. */
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { listen, Problem } from "./client";
import type { ListReportExecutionsResponse, ReportExecution } from "./schema";

const WAIT_MS = 2_000;

export const isBusy = (run: ReportExecution): boolean => ["pending", "running"].includes(run.status);

/** Hands every state of a run to `onState` until it has ended; a lost connection is made again. */
export async function followRun(
  id: string,
  onState: (run: ReportExecution) => void,
  signal: AbortSignal,
): Promise<void> {
  let isOver = false;
  const take = (run: ReportExecution) => {
    isOver = !isBusy(run);
    onState(run);
  };
  while (!isOver && !signal.aborted) {
    try {
      await listen<ReportExecution>(`/reports/executions/${id}/events`, take, signal);
    } catch (error) {
      if (error instanceof Problem && [401, 403, 404].includes(error.status)) return;
    }
    if (!isOver) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}

/** Puts a newer state of a run into the lists that are on the page. */
export function putRun(client: QueryClient, run: ReportExecution): void {
  client.setQueriesData<InfiniteData<ListReportExecutionsResponse>>(
    { queryKey: ["executions"] },
    (known) =>
      known && {
        ...known,
        pages: known.pages.map((page) => ({
          ...page,
          items: page.items.map((one) => (one.id === run.id ? run : one)),
        })),
      },
  );
}

let followed: readonly string[] = [];
const listeners = new Set<() => void>();

function become(next: readonly string[]): void {
  followed = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Follows a run wherever its reader goes; a toast says how it ended. */
export const follow = (id: string): void => become([...followed, id]);

export const unfollow = (id: string): void => become(followed.filter((one) => one !== id));

/** Ids of the runs started in this tab whose end nobody has dismissed yet. */
export const useFollowed = (): readonly string[] =>
  useSyncExternalStore(subscribe, () => followed);
