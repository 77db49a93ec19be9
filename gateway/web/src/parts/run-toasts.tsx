/** Runs started in this tab, followed wherever the reader goes; a toast says how each ended. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTitle } from "../api/report-types";
import { followRun, isBusy, putRun, unfollow, useFollowed } from "../api/runs";
import type { ReportExecution } from "../api/schema";
import { text } from "../text";
import { Download } from "./download";
import { Icon } from "./icons";

const t = text.reports;

export function RunToasts() {
  const ids = useFollowed();
  return (
    <div className="toasts" role="status">
      {ids.map((id) => (
        <RunToast key={id} id={id} />
      ))}
    </div>
  );
}

function RunToast({ id }: { id: string }) {
  const client = useQueryClient();
  const titleOf = useTitle();
  const [run, setRun] = useState<ReportExecution | null>(null);
  useEffect(() => {
    const ending = new AbortController();
    const take = (state: ReportExecution) => {
      setRun(state);
      putRun(client, state);
    };
    followRun(id, take, ending.signal);
    return () => ending.abort();
  }, [id, client]);
  if (!run || isBusy(run)) return null;
  const name = titleOf(run.report_type);
  return (
    <div className="toast">
      <span className={`status ${run.status}`}>{t.ended(name, run.status)}</span>
      {run.error && <p className="faint">{run.error.hint}</p>}
      {run.status === "completed" && <Download run={run} name={t.newest(name)} />}
      <button
        type="button"
        className="quiet"
        aria-label={text.receipt.close}
        onClick={() => unfollow(id)}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
