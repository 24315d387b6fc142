// Where the reader is: path below the prefix and search, as signals; links are followed without loading the page anew.

const prefix = new URL(document.baseURI).pathname.replace(/\/$/, "");

let path = $state(below(location.pathname));
let search = $state.raw(new URLSearchParams(location.search));

export const here = {
  get path(): string {
    return path;
  },
  get search(): URLSearchParams {
    return search;
  },
};

/** Goes to an address relative to <base href>. */
export function go(address: string, { replace = false } = {}): void {
  const url = new URL(address, document.baseURI);
  history[replace ? "replaceState" : "pushState"](null, "", url);
  read();
}

/** Changes some of the search and leaves the rest; `null` takes one out. */
export function setSearch(changes: Record<string, string | null>): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  history.replaceState(null, "", url);
  read();
}

/** Follows links of this page; those with a modifier, a target or another origin are the browser's. */
export function followLinks(): void {
  addEventListener("popstate", read);
  addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest("a");
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link?.href || link.target || link.hasAttribute("download") || !isPlain || event.defaultPrevented) return;
    const url = new URL(link.href);
    const isOurs = url.origin === location.origin && url.pathname.startsWith(`${prefix}/`);
    if (!isOurs || url.pathname.startsWith(`${prefix}/api/`)) return;
    event.preventDefault();
    if (url.hash && url.pathname === location.pathname) {
      document.getElementById(url.hash.slice(1))?.focus();
      return;
    }
    go(url.href);
    // Keyboard and screen reader begin at the new page's heading.
    queueMicrotask(() => document.querySelector<HTMLElement>("h1")?.focus());
  });
}

function read(): void {
  path = below(location.pathname);
  search = new URLSearchParams(location.search);
}

function below(pathname: string): string {
  return pathname.startsWith(prefix) ? pathname.slice(prefix.length) || "/" : pathname;
}
