// As much of PDF as is needed to count sheets and the words on them.
import { inflateSync } from "node:zlib";

/** Size in points and pieces of text of every sheet, in order. */
export function sheets(pdf) {
  const text = pdf.toString("latin1");
  const objects = new Map();
  for (const { 1: id, index } of text.matchAll(/(?:^|\n)(\d+) 0 obj\b/g)) {
    objects.set(id, text.slice(index, text.indexOf("endobj", index)));
  }
  const order = (id) => {
    const object = objects.get(id);
    if (!/\/Type\s*\/Pages\b/.test(object)) return [object];
    const [, kids] = object.match(/\/Kids\s*\[([^\]]*)\]/);
    return [...kids.matchAll(/(\d+) 0 R/g)].flatMap((kid) => order(kid[1]));
  };
  const [, catalog] = text.match(/\/Root\s+(\d+) 0 R/);
  const [, root] = objects.get(catalog).match(/\/Pages\s+(\d+) 0 R/);
  return order(root).map((sheet) => {
    const [, box] = sheet.match(/\/MediaBox\s*\[([^\]]*)\]/);
    const [left, bottom, right, top] = box.trim().split(/\s+/).map(Number);
    const contents = [...sheet.match(/\/Contents\s*(\[[^\]]*\]|\d+ 0 R)/)[1].matchAll(/(\d+) 0 R/g)];
    const words = contents.map((content) => count(objects.get(content[1]))).reduce((a, b) => a + b, 0);
    return { width: right - left, height: top - bottom, words };
  });
}

/** Pieces of text that a content stream shows. */
function count(object) {
  const from = object.indexOf("stream") + "stream".length;
  const start = object[from] === "\r" ? from + 2 : from + 1;
  const bytes = Buffer.from(object.slice(start, object.lastIndexOf("endstream")), "latin1");
  const content = /\/FlateDecode\b/.test(object.slice(0, from)) ? inflateSync(bytes) : bytes;
  return [...content.toString("latin1").matchAll(/[)>\]]\s*T[jJ]\b/g)].length;
}
