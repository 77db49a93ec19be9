/** One widget: its heading, what it shows, its states. */
import { useState } from "react";
import type { Answer, Widget, WidgetData } from "../api/schema";
import { days } from "../format";
import { set } from "../router";
import { text } from "../text";
import { AnswerTable } from "./answer-table";
import { Chart } from "./chart";
import { Figure } from "./figure";
import { Icon } from "./icons";
import { Note, Skeleton } from "./states";

const t = text.overview;

interface Props {
  widget: Widget;
  data: WidgetData | undefined;
  zone: string;
}

export function WidgetCard({ widget, data, zone }: Props) {
  const [isTable, setTable] = useState(false);
  const answer = data?.answer;
  return (
    <>
      <header>
        <h2>{widget.title}</h2>
        {answer && <Span answer={answer} zone={zone} />}
        <span className="tools">
          {data?.spec && (
            <Tool
              icon={isTable ? "chart" : "table"}
              label={`${isTable ? t.asChart : t.asTable}: ${widget.title}`}
              onUse={() => setTable(!isTable)}
            />
          )}
          {answer && (
            <Tool
              icon="explain"
              label={t.explainOf(widget.title)}
              onUse={() => set({ explain: widget.id })}
            />
          )}
        </span>
      </header>
      {data ? <Content widget={widget} data={data} isTable={isTable} /> : <Skeleton />}
    </>
  );
}

const explain = (widget: string, metric: string) => set({ explain: `${widget}.${metric}` });

/** The days a widget counts; on hover also what they are compared with, and the zone. */
function Span({ answer, zone }: { answer: Answer; zone: string }) {
  const { comparison_start_date: from, comparison_end_date: to } = answer;
  const versus = from && to ? ` ${text.range.versus} ${days(from, to)}` : "";
  return (
    <span className="span" title={text.range.zone(zone)}>
      {days(answer.start_date, answer.end_date)}
      {versus}
    </span>
  );
}

function Tool(props: { icon: "chart" | "table" | "explain"; label: string; onUse: () => void }) {
  return (
    <button
      type="button"
      className="quiet"
      aria-label={props.label}
      title={props.label}
      onClick={props.onUse}
    >
      <Icon name={props.icon} />
    </button>
  );
}

function Content({ widget, data, isTable }: Omit<Props, "zone"> & { data: WidgetData; isTable: boolean }) {
  const { answer, spec } = data;
  if (data.state === "missing_permission") {
    return (
      <Note title={text.state.forbidden}>
        <p>{data.message || text.state.forbiddenHint}</p>
      </Note>
    );
  }
  if (!answer) return <Nothing data={data} />;
  const question = widget.config.question;
  const table = (
    <AnswerTable
      label={widget.title}
      answer={answer}
      grain={question?.grain ?? ""}
      dimension={question?.dimension ?? ""}
      onExplain={(metric) => explain(widget.id, metric)}
    />
  );
  if (spec && !isTable) return <Chart spec={spec} label={String(spec["description"] ?? "")} />;
  if (data.widget_type !== "metric_card") return table;
  return <Figures widget={widget} answer={answer} />;
}

function Figures({ widget, answer }: { widget: Widget; answer: Answer }) {
  return (
    <div className="figures">
      {answer.metrics.map((metric, at) => {
        const figure = answer.rows[0]?.figures[at];
        return figure ? (
          <Figure
            key={`${answer.start_date} ${answer.end_date} ${metric.id}`}
            metric={metric}
            figure={figure}
            currency={answer.currency}
            onExplain={() => explain(widget.id, metric.id)}
          />
        ) : null;
      })}
    </div>
  );
}

function Nothing({ data }: { data: WidgetData }) {
  const title = data.state === "invalid" ? text.state.invalid : text.state.nothing;
  return (
    <Note title={title}>
      <p>{data.message || text.state.notBuilt}</p>
    </Note>
  );
}
