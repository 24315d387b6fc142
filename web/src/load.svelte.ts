// Something that is fetched: what came, or why it did not, and a way to ask again. The last good value stays.

export class Loaded<T> {
  value = $state.raw<T | null>(null);
  error = $state<string | null>(null);
  /** Something came, even if it is `null`. */
  isHere = $state(false);
  #fetch: () => Promise<T>;
  #asked = 0;

  constructor(fetch: () => Promise<T>) {
    this.#fetch = fetch;
    void this.again();
  }

  /** Of several askings the last one counts, whichever answer comes first. */
  again = async (): Promise<void> => {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const value = await this.#fetch();
      if (asked !== this.#asked) return;
      this.value = value;
      this.isHere = true;
      this.error = null;
    } catch (error) {
      if (asked === this.#asked) this.error = error instanceof Error ? error.message : String(error);
    }
  };
}
