// Server-sent events over fetch: unlike EventSource it can say from which revision it wants to hear, and it can be
// asked whether it is connected.

export interface Push {
  event: string;
  id: string | null;
  data: unknown;
}

/** Reads until the stream ends or `signal` stops it. A comment line keeps the connection and tells nothing. */
export async function listen(response: Response, hear: (push: Push) => void): Promise<void> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return;
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const push = parse(block);
      if (push) hear(push);
    }
  }
}

export function parse(block: string): Push | null {
  let event = "message";
  let id: string | null = null;
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [, field = "", value = ""] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
    if (field === "event") event = value;
    else if (field === "id") id = value;
    else if (field === "data") data.push(value);
  }
  return data.length > 0 ? { event, id, data: JSON.parse(data.join("\n")) } : null;
}
