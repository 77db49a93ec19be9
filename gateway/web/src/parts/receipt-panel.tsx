/** The receipt of a figure, opened: formula, parts, rows counted and left out, value now. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { BASE, get, query } from "../api/client";
import type { Component, ExplainedFigure, MetricUse, Receipt } from "../api/schema";
import { days, exact, instant, plain, reason } from "../format";
import { set, usePlace } from "../router";
import { text, words } from "../text";
import { Panel } from "./panel";
import { Difference } from "./receipt-difference";
import { ReceiptRows } from "./receipt-rows";
import { Failure, Skeleton } from "./states";

const t = text.receipt;

interface Props {
  /** The link that an answer carried. */
  link: string;
  /** Only this metric; empty for all that the answer has. */
  metric: string;
  currency: string;
  onClose: () => void;
}

export function ReceiptPanel({ link, metric, currency, onClose }: Props) {
  const { params } = usePlace();
  const opened = params.get("rows");
  const receipt = link.slice(BASE.length);
  const path = receipt + query({ field: metric });
  const { data, error, refetch } = useQuery({
    queryKey: ["receipt", path],
    queryFn: ({ signal }) => get<Receipt>(path, signal),
  });
  if (opened) {
    return (
      <Panel title={text.rows.title} closeLabel={t.close} kind="wide" onClose={onClose}>
        <button type="button" className="back" onClick={() => set({ rows: undefined })}>
          {text.rows.back}
        </button>
        <ReceiptRows path={receipt} field={opened} currency={currency} />
      </Panel>
    );
  }
  return (
    <Panel title={t.title} closeLabel={t.close} kind="side" onClose={onClose}>
      {data ? (
        <div className="receipt">
          {data.figures.map((one) => (
            <Explained key={one.field} explained={one} path={receipt} currency={currency} />
          ))}
          <h3>{t.scope}</h3>
          <Scope receipt={data} />
        </div>
      ) : error ? (
        <Failure error={error} retry={refetch} />
      ) : (
        <Skeleton lines={8} />
      )}
    </Panel>
  );
}

function Explained(props: { explained: ExplainedFigure; path: string; currency: string }) {
  const { explained, path, currency } = props;
  const { metric, figure, difference } = explained;
  return (
    <section aria-label={metric.label}>
      <div className="figure-label">{metric.label}</div>
      <div className="receipt-value" data-value={figure.value ?? ""}>
        {exact(figure.value, metric.unit, currency)}
      </div>
      {figure.value === null && <p className="absent">{t.absent(reason(figure.reason))}</p>}
      <h3>{t.formula}</h3>
      <p>{metric.formula}</p>
      {figure.denominator !== null && figure.numerator !== null && (
        <Ratio numerator={figure.numerator} denominator={figure.denominator} />
      )}
      <h3>{t.components}</h3>
      <Components components={explained.components} />
      <button type="button" className="back" onClick={() => set({ rows: explained.field })}>
        {text.rows.open}
      </button>
      <h3>{t.now}</h3>
      <p>{nowWords(explained, metric, currency)}</p>
      {difference !== null && Number(difference) !== 0 && (
        <Difference path={path} field={explained.field} currency={currency} />
      )}
      <h3>{t.definition}</h3>
      <p>{t.version(metric.version, metric.source)}</p>
    </section>
  );
}

function Ratio({ numerator, denominator }: { numerator: string; denominator: string }) {
  return (
    <>
      <h3>{t.parts}</h3>
      <dl className="ratio">
        <dt>{t.numerator}</dt>
        <dd className="number">{plain(numerator)}</dd>
        <dt>{t.denominator}</dt>
        <dd className="number">{plain(denominator)}</dd>
      </dl>
    </>
  );
}

function Components({ components }: { components: Component[] }) {
  return (
    <ul className="components">
      {components.map((one) => (
        <li key={one.name}>
          <div className="component-line">
            <span>{one.description}</span>
            <span className="number">
              {one.value === null ? reason("no_source_data") : plain(one.value)}
            </span>
          </div>
          <dl>
            <dt>{t.counted}</dt>
            <dd className="number">{plain(one.rows_counted)}</dd>
            <dt>{t.leftOut}</dt>
            <dd className="number">{plain(one.rows_left_out)}</dd>
            {Object.entries(one.left_out_reasons).map(([code, count]) => (
              <Reason key={code} code={code} count={count} />
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}

function Reason({ code, count }: { code: string; count: number }) {
  return (
    <>
      <dt className="inset">{words(t.reasons, code)}</dt>
      <dd className="number faint">{plain(count)}</dd>
    </>
  );
}

function nowWords(explained: ExplainedFigure, metric: MetricUse, currency: string): string {
  const now = exact(explained.figure_now.value, metric.unit, currency);
  if (explained.difference === null) return now;
  if (Number(explained.difference) === 0) return `${now}. ${t.unchanged}`;
  return `${now}. ${t.changedSince(exact(explained.difference, metric.unit, currency))}`;
}

function Scope({ receipt }: { receipt: Receipt }) {
  const { revision, recorded_at: recorded } = receipt.as_of;
  const at = recorded ? t.revisionAt(plain(revision), instant(recorded, receipt.time_zone)) : "";
  const newest = receipt.as_of_now.revision;
  return (
    <dl className="scope">
      <dt>{t.period}</dt>
      <dd>{`${days(receipt.period_start, receipt.period_end)} (${receipt.time_zone})`}</dd>
      <dt>{t.filters}</dt>
      <dd>{receipt.filters.join("; ") || t.noFilters}</dd>
      <dt>{t.revision}</dt>
      <dd>
        {at || plain(revision)}
        {newest !== revision && `; ${t.revisionNow(plain(newest))}`}
      </dd>
      <dt>{t.id}</dt>
      <dd>
        <code className="id">{receipt.receipt}</code> <Copy value={receipt.receipt} />
      </dd>
    </dl>
  );
}

function Copy({ value }: { value: string }) {
  const [isDone, setDone] = useState(false);
  const copy = () => navigator.clipboard.writeText(value).then(() => setDone(true));
  return (
    <button type="button" className="small" onClick={copy}>
      {isDone ? t.copied : t.copy}
    </button>
  );
}
