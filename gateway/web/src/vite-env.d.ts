declare module "virtual:tokens" {
  /** Light colour → its counterpart in the dark. */
  export const DARK: Record<string, string>;
  /** Class of a dimension → what people call it. */
  export const LABELS: Record<string, string>;
}
declare module "virtual:tokens.css";
