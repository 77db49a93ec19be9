/** Work lists: what can still be recovered, the largest amount first; one of them open. */
import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import { usePages } from "../api/paged";
import type {
  ListWorkItemsResponse,
  ListWorkListsResponse,
  WorkItem,
  WorkList,
} from "../api/schema";
import { day, exact, headline, plain } from "../format";
import { Failure, Note, Skeleton } from "../parts/states";
import { set, usePlace } from "../router";
import { text } from "../text";

const t = text.workLists;

export function WorkLists() {
  const { params } = usePlace();
  const { data, error, refetch } = useQuery({
    queryKey: ["work-lists"],
    queryFn: ({ signal }) => get<ListWorkListsResponse>("/work-lists", signal),
    staleTime: 30_000,
  });
  const lists = data?.work_lists;
  const open = lists?.find((one) => one.id === params.get("list")) ?? lists?.[0];
  return (
    <>
      <header className="view-head">
        <h1>{t.title}</h1>
        <p>{t.lead}</p>
      </header>
      {error && <Failure error={error} retry={refetch} />}
      {!data && !error && <Skeleton lines={5} />}
      {data && <Choices lists={data.work_lists} open={open} currency={data.currency} />}
      {data && open && <Items key={open.id} list={open} currency={data.currency} />}
    </>
  );
}

interface ChoicesProps {
  lists: WorkList[];
  open: WorkList | undefined;
  currency: string;
}

function Choices({ lists, open, currency }: ChoicesProps) {
  return (
    <ul className="choices">
      {lists.map((one) => (
        <li key={one.id}>
          <button
            type="button"
            aria-pressed={one === open}
            data-list={one.id}
            onClick={() => set({ list: one.id })}
          >
            <strong>{one.title}</strong>
            <span className="amount">{headline(one.amount, "money", currency)}</span>
            <span>{t.items(plain(one.items))}</span>
            {one.recovered_amount !== null && (
              <span>{t.recovered(headline(one.recovered_amount, "money", currency))}</span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Items({ list, currency }: { list: WorkList; currency: string }) {
  const pages = usePages<ListWorkItemsResponse>(`/work-lists/${list.id}/items`);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = pages;
  const items = data?.pages.flatMap((page) => page.items);
  return (
    <section className="block" aria-labelledby="list">
      <h2 id="list">{list.title}</h2>
      <p className="next-step">
        {list.description} <strong>{`${t.nextStep}: ${list.next_step}`}</strong>
      </p>
      {error && <Failure error={error} retry={refetch} />}
      {!items && !error && <Skeleton lines={6} />}
      {items?.length === 0 && (
        <Note title={t.empty}>
          <p>{t.emptyHint}</p>
        </Note>
      )}
      {items && items.length > 0 && <Table label={list.title} items={items} currency={currency} />}
      {hasNextPage && (
        <button type="button" disabled={isFetchingNextPage} onClick={() => fetchNextPage()}>
          {text.reports.more}
        </button>
      )}
    </section>
  );
}

function Table(props: { label: string; items: WorkItem[]; currency: string }) {
  const c = t.columns;
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label={props.label}>
      <table className="stacked">
        <thead>
          <tr>
            {[c.patient, c.reason, c.due, c.date, c.payer, c.provider].map((head) => (
              <th scope="col" key={head}>
                {head}
              </th>
            ))}
            <th scope="col" className="number">
              {c.amount}
            </th>
          </tr>
        </thead>
        <tbody>
          {props.items.map((one) => (
            <tr key={one.id} data-item={one.id}>
              <th scope="row">{one.patient_name ?? text.rows.nobody}</th>
              <td data-label={c.reason}>{one.reason}</td>
              <td data-label={c.due}>
                <Due item={one} />
              </td>
              <td data-label={c.date} className="day">
                {day(one.date)}
              </td>
              <td data-label={c.payer}>{one.payer}</td>
              <td data-label={c.provider}>{one.provider}</td>
              <td data-label={c.amount} className="number">
                {exact(one.amount, "money", props.currency)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Due({ item: { due_date: due, days_left: left } }: { item: WorkItem }) {
  if (due === null) return null;
  return (
    <>
      {day(due)}
      {left !== null && (
        <span className={`block-line ${left < 0 ? "late" : "faint"}`}>
          {left < 0 ? t.past(-left) : t.left(left)}
        </span>
      )}
    </>
  );
}
