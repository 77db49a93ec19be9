/** The form that defines a report and runs it at once. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useGroupings } from "../api/catalogue";
import { post } from "../api/client";
import type { Kind } from "../api/report-types";
import { follow } from "../api/runs";
import type { CreateReportRequest, Report, ReportExecution } from "../api/schema";
import { days } from "../format";
import { go } from "../router";
import { text, words } from "../text";
import { CUSTOM, FIRST, parametersOf, type Wish, WishFields } from "./report-wish";
import { Failure } from "./states";

const t = text.reports;

function nameOf(kind: Kind, wish: Wish): string {
  if (wish.name || wish.source === "sql") return wish.name || kind.title;
  const isFixed = wish.range === CUSTOM;
  return t.name(
    kind.title,
    isFixed ? days(wish.from, wish.to) : words(text.range.presets, wish.range),
  );
}

/** Defines the report; the key makes a repeated click one report. */
const define = (kind: Kind, wish: Wish, groupings: string[], key: string): Promise<Report> =>
  post<Report>(
    "/reports/",
    {
      report_type: kind.report_type,
      name: nameOf(kind, wish),
      format: wish.format,
      parameters: parametersOf(wish, groupings),
    } satisfies Partial<CreateReportRequest>,
    `${key}-define`,
  );

/** Defines the report and queues its run, once however often it is clicked. */
async function start(kind: Kind, wish: Wish, groupings: string[]): Promise<ReportExecution> {
  const key = crypto.randomUUID();
  const report = await define(kind, wish, groupings, key);
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
  const isCustom = kind.report_type === "custom";
  const isReady = !isCustom || (wish.source === "sql" ? wish.sql : wish.metrics).length > 0;
  // What a custom report shows is kept in its definition, which the schedule then runs.
  const plan = useMutation({
    mutationFn: () => define(kind, wish, groupings, crypto.randomUUID()),
    onSuccess: (report) => go("schedules", { new: kind.report_type, report: report.id }),
  });
  return (
    <form
      className="new-report"
      aria-label={kind.description}
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <h2>{kind.description}</h2>
      <WishFields kind={kind} wish={wish} change={(part) => setWish({ ...wish, ...part })} />
      <button type="submit" className="main" disabled={isPending || !isReady}>
        {isPending ? t.running : t.run}
      </button>
      <button
        type="button"
        disabled={plan.isPending || !isReady}
        onClick={() => (isCustom ? plan.mutate() : go("schedules", { new: kind.report_type }))}
      >
        {t.schedule}
      </button>
      {plan.error && <Failure error={plan.error} />}
      {error && <Failure error={error} />}
    </form>
  );
}
