/** The button that fetches a run's file. Links hold for minutes only, so a fresh one is asked for. */
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { get } from "../api/client";
import type { ReportExecution } from "../api/schema";
import { text } from "../text";
import { Icon } from "./icons";
import { Failure } from "./states";

const t = text.reports;

export function Download({ run, name }: { run: ReportExecution; name: string }) {
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
