/** Draws a Vega-Lite specification. Expressions are interpreted: the page allows no `eval`. */
import { parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Spec } from "./chart";

/** Draws into `at`, as large as it is. Returns how to resize the drawing and how to end it. */
export async function draw(at: HTMLElement, spec: Spec) {
  const sized = { ...spec, width: at.clientWidth, height: at.clientHeight };
  const compiled = compile(sized as unknown as TopLevelSpec);
  const view = new View(parse(compiled.spec, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: "svg",
    hover: false,
  });
  // Data stays inside the specification: nothing is fetched.
  view.loader().load = () => Promise.reject(new Error("a chart loads nothing"));
  // What is drawn stays silent: its frame says in a sentence what it shows.
  const canvas = document.createElement("div");
  canvas.ariaHidden = "true";
  at.replaceChildren(canvas);
  await view.initialize(canvas).runAsync();
  return {
    size(width: number, height: number) {
      if (width > 0) view.width(width).height(height).runAsync();
    },
    end() {
      view.finalize();
      canvas.remove();
    },
  };
}
