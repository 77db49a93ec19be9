/** The form that defines a report and runs it at once. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useGroupings } from "../api/catalogue";
import { post } from "../api/client";
import { follow } from "../api/runs";
import type { CreateReportRequest, Report, ReportExecution } from "../api/schema";
import { days } from "../format";
import type { Kind } from "../report-types";
import { go } from "../router";
import { text, words } from "../text";
import { CUSTOM, FIRST, parametersOf, type Wish, WishFields } from "./report-wish";
import { Failure } from "./states";

const t = text.reports;

const nameOf = (kind: Kind, wish: Wish): string =>
  t.name(
    kind.title,
    wish.range === CUSTOM ? days(wish.from, wish.to) : words(text.range.presets, wish.range),
  );

/** Defines the report and queues its run; the keys make a repeated click one report, one run. */
async function start(kind: Kind, wish: Wish, groupings: string[]): Promise<ReportExecution> {
  const key = crypto.randomUUID();
  const wanted = {
    report_type: kind.type,
    name: nameOf(kind, wish),
    format: wish.format,
    parameters: parametersOf(wish, groupings),
  } satisfies Partial<CreateReportRequest>;
  const report = await post<Report>("/reports/", wanted, `${key}-define`);
  return post<ReportExecution>(`/reports/${report.id}/execute`, {}, `${key}-run`);
}

export function NewReport(props: { kind: Kind; onStarted: (executionId: string) => void }) {
  const { kind, onStarted } = props;
  const [wish, setWish] = useState(FIRST);
  const client = useQueryClient();
  const groupings = Object.keys(useGroupings(kind, wish.metrics));
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => start(kind, wish, groupings),
    onSuccess: (execution) => {
      onStarted(execution.id);
      follow(execution.id);
      client.invalidateQueries({ queryKey: ["reports"] });
      return client.invalidateQueries({ queryKey: ["executions"] });
    },
  });
  const isReady = kind.type !== "custom" || wish.metrics.length > 0;
  return (
    <form
      className="new-report"
      aria-label={kind.question}
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <h2>{kind.question}</h2>
      <WishFields kind={kind} wish={wish} change={(part) => setWish({ ...wish, ...part })} />
      <button type="submit" className="main" disabled={isPending || !isReady}>
        {isPending ? t.running : t.run}
      </button>
      {kind.type !== "custom" && (
        <button type="button" onClick={() => go("schedules", { new: kind.type })}>
          {t.schedule}
        </button>
      )}
      {error && <Failure error={error} />}
    </form>
  );
}
