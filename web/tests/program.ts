// The program itself, on a data folder of its own, with the pages of this tree. FOOTPATH_BIN names it.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PAGES } from "./places.ts";

export const BIN = process.env.FOOTPATH_BIN;

export class Program {
  readonly address: string;
  /** Where the first user is made, once. */
  readonly setUp: string;
  #process: ChildProcess;
  #folder: string;

  private constructor(process: ChildProcess, folder: string, address: string, setUp: string) {
    this.#process = process;
    this.#folder = folder;
    this.address = address;
    this.setUp = setUp;
  }

  static async start(): Promise<Program> {
    const folder = mkdtempSync(join(tmpdir(), "footpath-pages-"));
    const listen = `127.0.0.1:${await freePort()}`;
    const arguments_ = ["serve", "--data", folder, "--listen", listen, "--set", `ui_dir=${PAGES}`];
    const process = spawn(BIN ?? "footpath", arguments_, { env: plain(), stdio: ["ignore", "pipe", "pipe"] });
    const path = await new Promise<string>((resolve, reject) => {
      let said = "";
      const hear = (bytes: Buffer) => {
        said += bytes.toString();
        const found = /\/setup\/[\w-]+/.exec(said);
        if (found) resolve(found[0]);
      };
      process.stdout?.on("data", hear);
      process.stderr?.on("data", hear);
      process.on("exit", (code) => reject(new Error(`the program ended with ${code}: ${said}`)));
      process.on("error", reject);
    });
    return new Program(process, folder, `http://${listen}`, `http://${listen}${path}`);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGTERM");
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The environment without what the program would take for its settings. */
function plain(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FOOTPATH_")));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
