/** Run a report, watch it come, download it. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get, query } from "../api/client";
import { kindOf, useKinds } from "../api/report-types";
import { isBusy } from "../api/runs";
import type { ListReportExecutionsResponse, ListReportsResponse } from "../api/schema";
import { NewReport } from "../parts/new-report";
import { Questions } from "../parts/report-wish";
import { RunTable } from "../parts/run-table";
import { Failure, Note, Skeleton } from "../parts/states";
import { usePlace } from "../router";
import { text } from "../text";

const t = text.reports;
const PAGE = 25;
/** While something runs, and otherwise: schedules start runs too. */
const [BUSY_MS, CALM_MS] = [1_500, 10_000];

export function Reports() {
  const { data: kinds, error, refetch } = useKinds();
  const kind = kindOf(kinds ?? [], usePlace().params.get("type"));
  // A mail's link names the run it tells of.
  const [started, setStarted] = useState(new URLSearchParams(location.search).get("run"));
  return (
    <>
      <header className="view-head">
        <h1>{t.title}</h1>
      </header>
      <section className="block" aria-label={t.new}>
        {error && <Failure error={error} retry={refetch} />}
        {!kinds && !error && <Skeleton lines={5} />}
        {kinds && kind && (
          <>
            <Questions kinds={kinds} chosen={kind} />
            <NewReport key={kind.report_type} kind={kind} onStarted={setStarted} />
          </>
        )}
      </section>
      <Runs started={started} />
    </>
  );
}

function Runs({ started }: { started: string | null }) {
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ["executions"],
    queryFn: ({ signal, pageParam }) =>
      get<ListReportExecutionsResponse>(
        `/reports/executions/${query({ limit: PAGE, skip: pageParam })}`,
        signal,
      ),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.has_more ? last.skip + last.items.length : undefined),
    refetchInterval: ({ state }) => {
      const runs = state.data?.pages.flatMap((page) => page.items) ?? [];
      return runs.some(isBusy) ? BUSY_MS : CALM_MS;
    },
  });
  const runs = data?.pages.flatMap((page) => page.items);
  const names = useNames();
  return (
    <section className="block" aria-labelledby="runs">
      <h2 id="runs">{t.runs}</h2>
      {error && <Failure error={error} retry={refetch} />}
      {!runs && !error && <Skeleton lines={5} />}
      {runs?.length === 0 && (
        <Note title={t.empty}>
          <p>{t.emptyHint}</p>
        </Note>
      )}
      {runs && runs.length > 0 && <RunTable runs={runs} names={names} started={started} />}
      {hasNextPage && (
        <button type="button" onClick={() => fetchNextPage()}>
          {t.more}
        </button>
      )}
    </section>
  );
}

/** Report id → name. */
function useNames(): Map<string, string> {
  const { data } = useQuery({
    queryKey: ["reports"],
    queryFn: ({ signal }) => get<ListReportsResponse>("/reports/?limit=500", signal),
  });
  return new Map(data?.items.map((one) => [one.id, one.name]));
}
