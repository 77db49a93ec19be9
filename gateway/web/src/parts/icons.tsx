/** Line icons on a grid of 16. They repeat a word that stands beside them or in a label. */
const PATHS = {
  overview: "M2.5 13.5v-5M8 13.5v-11M13.5 13.5v-7",
  reports: "M4 1.5h5.5L13 5v9.5H4zM9.5 1.5V5H13M6.5 8.5h4M6.5 11h4",
  schedules: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M8 4.5V8l2.5 1.5",
  work_lists: "M6 3.5h8M6 8h8M6 12.5h8M2 3.4l.8.8L4.2 2.7M2 7.9l.8.8 1.4-1.5M2 12.4l.8.8 1.4-1.5",
  measures: "M1.5 8.5H5l2-5 3 9 2-4h2.5",
  explain: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M8 7.3v4M8 4.7v.1",
  table: "M2 3h12v10H2zM2 6.3h12M2 9.6h12M6.5 6.3V13",
  chart: "M2 12.5 6 8l3 2.5 5-6",
  download: "M8 2v8.5M4.5 7.2 8 10.5l3.5-3.3M2.5 13.5h11",
  again: "M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3.2v9.6L12.5 8z",
  down: "M4 6.2 8 10.2l4-4",
  calendar: "M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 1.8v3M10.5 1.8v3",
  light: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M8 1.2v1.3M8 13.5v1.3M1.2 8h1.3M13.5 8h1.3",
  dark: "M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1",
  system: "M2 3h12v8H2zM6 14h4M8 11v3",
  leave: "M6.5 2.5h-4v11h4M6 8h7.5M10.5 5l3 3-3 3",
  keys: "M1.5 4.5h13v7h-13zM4 7v.1M6.7 7v.1M9.3 7v.1M12 7v.1M5 9.5h6",
};

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
