/** Runs of reports: where each stands, its file, what went wrong and what to do. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useZone } from "../api/practice";
import { get, post } from "../api/client";
import type { ReportExecution } from "../api/schema";
import { ago, days, duration, instant, size } from "../format";
import { text, words } from "../text";
import { Icon } from "./icons";
import { Failure } from "./states";

const t = text.reports;

interface Props {
  runs: ReportExecution[];
  names: Map<string, string>;
  /** The run that was started here last; a note says when it has ended. */
  started: string | null;
}

export function RunTable({ runs, names, started }: Props) {
  const nameOf = (run: ReportExecution) => names.get(run.report_id) ?? words(t.types, run.report_type);
  const mine = runs.find((run) => run.id === started);
  return (
    <>
      <p className="unseen" role="status">
        {mine?.status === "completed" && t.done(nameOf(mine))}
        {mine?.status === "failed" && t.failed(nameOf(mine))}
      </p>
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
    </>
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
  const isBusy = run.status === "running" || run.status === "pending";
  return (
    <>
      <span className={`status ${run.status}`}>{words(t.statuses, run.status)}</span>
      {isBusy && (
        <span className="progress">
          <progress max={100} value={run.progress_percent} aria-label={words(t.stages, run.stage)} />
          <span className="faint">{`${run.progress_percent}% ${words(t.stages, run.stage)}`}</span>
        </span>
      )}
      {run.error && (
        <span className="run-error">
          {run.error.message} <strong>{run.error.hint}</strong>
        </span>
      )}
    </>
  );
}

function Actions({ run, name }: { run: ReportExecution; name: string }) {
  const client = useQueryClient();
  const rerun = useMutation({
    mutationFn: () =>
      post<ReportExecution>(`/reports/executions/${run.id}/rerun`, {}, crypto.randomUUID()),
    onSuccess: () => client.invalidateQueries({ queryKey: ["executions"] }),
  });
  const hasEnded = !["pending", "running"].includes(run.status);
  const isExpired = run.expires_at !== null && Date.parse(run.expires_at) < Date.now();
  return (
    <>
      {run.status === "completed" && !isExpired && <Download run={run} name={name} />}
      {isExpired && <span className="faint">{t.expired}</span>}
      {hasEnded && (
        <button
          type="button"
          className="quiet"
          title={t.rerun}
          aria-label={`${t.rerun}: ${name}`}
          disabled={rerun.isPending}
          onClick={() => rerun.mutate()}
        >
          <Icon name="again" />
        </button>
      )}
      {rerun.error && <Failure error={rerun.error} />}
    </>
  );
}

/** Links hold for minutes only, so a fresh one is fetched when it is wanted. */
function Download({ run, name }: { run: ReportExecution; name: string }) {
  const link = useRef<HTMLAnchorElement>(null);
  const [url, setUrl] = useState<string | null>(null);
  const fresh = useMutation({
    mutationFn: () => get<ReportExecution>(`/reports/executions/${run.id}`),
    onSuccess: (now) => setUrl(now.download_url),
  });
  useEffect(() => {
    if (!url) return;
    link.current?.click();
    setUrl(null);
  }, [url]);
  return (
    <>
      <button
        type="button"
        aria-label={t.downloadOf(name)}
        disabled={fresh.isPending}
        onClick={() => fresh.mutate()}
      >
        <Icon name="download" /> {t.download}
      </button>
      {url && <a ref={link} href={url} download={run.file_name ?? ""} hidden />}
      {fresh.error && <Failure error={fresh.error} />}
    </>
  );
}
