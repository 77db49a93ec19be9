/** Runs of reports: where each stands, its file, what went wrong and what to do. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { post } from "../api/client";
import { useZone } from "../api/practice";
import { useTitle } from "../api/report-types";
import { follow, isBusy } from "../api/runs";
import type { ReportExecution } from "../api/schema";
import { ago, days, duration, instant, plain, size } from "../format";
import { text, words } from "../text";
import { Download } from "./download";
import { Icon } from "./icons";
import { Failure } from "./states";

const t = text.reports;

interface Props {
  runs: ReportExecution[];
  names: Map<string, string>;
  /** The run that was started here last. */
  started: string | null;
}

export function RunTable({ runs, names, started }: Props) {
  const titleOf = useTitle();
  const nameOf = (run: ReportExecution) => names.get(run.report_id) ?? titleOf(run.report_type);
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label={t.runs}>
      <table className="stacked">
        <thead>
          <tr>
            <th scope="col">{t.columns.report}</th>
            <th scope="col">{t.columns.period}</th>
            <th scope="col">{t.columns.format}</th>
            <th scope="col">{t.columns.state}</th>
            <th scope="col" className="number">
              {t.columns.size}
            </th>
            <th scope="col">{t.columns.asked}</th>
            <th scope="col" className="number">
              {t.columns.took}
            </th>
            <th scope="col">
              <span className="unseen">{t.columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <Run key={run.id} run={run} name={nameOf(run)} isMine={run.id === started} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Run({ run, name, isMine }: { run: ReportExecution; name: string; isMine: boolean }) {
  const zone = useZone();
  const { start_date: first, end_date: last, relative_range: relative } = run.parameters ?? {};
  return (
    <tr className={isMine ? "mine" : undefined} data-execution={run.id}>
      <th scope="row">{name}</th>
      <td data-label={t.columns.period}>
        {first && last ? days(first, last) : relative && words(text.range.presets, relative)}
      </td>
      <td data-label={t.columns.format}>{words(t.formats, run.format)}</td>
      <td data-label={t.columns.state}>
        <State run={run} />
      </td>
      <td data-label={t.columns.size} className="number">
        {run.file_size !== null && size(run.file_size)}
      </td>
      <td data-label={t.columns.asked} title={instant(run.queued_at ?? "", zone, true)}>
        {ago(run.queued_at ?? "")}
      </td>
      <td data-label={t.columns.took} className="number">
        {run.execution_time_ms !== null && duration(run.execution_time_ms)}
      </td>
      <td className="actions">
        <Actions run={run} name={name} />
      </td>
    </tr>
  );
}

function State({ run }: { run: ReportExecution }) {
  return (
    <>
      <span className={`status ${run.status}`}>{words(t.statuses, run.status)}</span>
      {isBusy(run) && (
        <span className="progress">
          <progress max={100} value={run.progress_percent} aria-label={words(t.stages, run.stage)} />
          <span className="faint">{progressWords(run)}</span>
        </span>
      )}
      {run.is_cut_short && <span className="faint">{t.cutShort(plain(run.result_count ?? 0))}</span>}
      {run.error && (
        <span className="run-error">
          {run.error.message} <strong>{run.error.hint}</strong>
        </span>
      )}
    </>
  );
}

const progressWords = (run: ReportExecution): string =>
  run.queue_place === null
    ? `${run.progress_percent}% ${words(t.stages, run.stage)}`
    : t.place(run.queue_place);

type Verb = "cancel" | "retry" | "rerun";

function Actions({ run, name }: { run: ReportExecution; name: string }) {
  const isExpired = run.expires_at !== null && Date.parse(run.expires_at) < Date.now();
  const hasFailed = run.status === "failed" || run.status === "cancelled";
  return (
    <>
      {run.status === "completed" && !isExpired && <Download run={run} name={name} />}
      {isExpired && <span className="faint">{t.expired}</span>}
      {isBusy(run) && <Act run={run} name={name} verb="cancel" />}
      {hasFailed && <Act run={run} name={name} verb="retry" />}
      {run.status === "completed" && <Act run={run} name={name} verb="rerun" />}
    </>
  );
}

const ICONS = { cancel: "close", retry: "again", rerun: "again" } as const;

function Act({ run, name, verb }: { run: ReportExecution; name: string; verb: Verb }) {
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      post<ReportExecution>(`/reports/executions/${run.id}/${verb}`, {}, crypto.randomUUID()),
    onSuccess: (now) => {
      if (verb !== "cancel") follow(now.id);
      return client.invalidateQueries({ queryKey: ["executions"] });
    },
  });
  return (
    <>
      <button
        type="button"
        className="quiet"
        title={t[verb]}
        aria-label={`${t[verb]}: ${name}`}
        disabled={isPending}
        onClick={() => mutate()}
      >
        <Icon name={ICONS[verb]} />
      </button>
      {error && <Failure error={error} />}
    </>
  );
}
