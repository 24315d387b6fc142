// A drawing of the server's as elements of the page. Nothing in it runs: what is not drawing is left out.

const SVG = "http://www.w3.org/2000/svg";
const KEPT = new Set(
  "svg g path rect circle ellipse line polyline polygon text tspan title desc defs clipPath pattern linearGradient stop marker use a".split(
    " ",
  ),
);

/** `null`: this is no drawing. */
export function drawing(text: string): SVGSVGElement | null {
  const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (root.namespaceURI !== SVG || root.localName !== "svg") return null;
  for (const node of [...root.querySelectorAll("*")]) if (!KEPT.has(node.localName)) node.remove();
  for (const node of [root, ...root.querySelectorAll("*")]) {
    for (const { name, value } of [...node.attributes]) {
      const isAddress = name === "href" || name.endsWith(":href");
      if (name.startsWith("on") || name === "style" || (isAddress && !value.startsWith("#")))
        node.removeAttribute(name);
    }
  }
  return document.importNode(root, true) as unknown as SVGSVGElement;
}
