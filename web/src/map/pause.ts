// Waits, and no longer than until the browser is online again or the page is looked at.
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = new AbortController();
    const end = () => {
      clearTimeout(timer);
      stop.abort();
      resolve();
    };
    const timer = setTimeout(end, ms);
    window.addEventListener("online", end, { signal: stop.signal });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && end(), {
      signal: stop.signal,
    });
  });
}
