#!/usr/bin/env bash
# Runs every check of the repository, what fails soonest first; the last line is `N passed, N failed`.
#
# Beyond cargo it needs cargo-deny, and for the pages Node and Chromium. What is missing it installs by itself and says
# so; what cannot be had here it skips and says so. It asks nothing, and it may be run again at any time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
exec </dev/null

mkdir -p "${CARGO_TARGET_DIR:-target}"
target=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)
deny_version=0.20.2
# Everything there is, and the same in every step: other features would build the world anew.
features=footpath-words/model,footpath/full
notes=()
passed=0
failed=0

step() { printf '\n== %s\n' "$*"; }

# What was left out, told where it happens and once more at the end.
skip() {
  printf 'skipping %s\n' "$*"
  notes+=("skipped: $*")
}

# The last lines, however the run ends; a step that stops it is one failure.
conclude() {
  [ "$1" = 0 ] || [ "$failed" != 0 ] || failed=1
  step 'done'
  for note in "${notes[@]}"; do printf '%s\n' "$note"; done
  printf '%d passed, %d failed\n' "$passed" "$failed"
}
trap 'conclude $?' EXIT

formatting() {
  step 'formatting: cargo fmt'
  cargo fmt --all --check
}

lints() {
  step 'lints: cargo clippy'
  cargo clippy --workspace --all-targets --features "$features" --locked -- -D warnings
  # The default build leaves SQL and the cluster out, and says so.
  cargo clippy -p footpath --locked -- -D warnings
}

# Licences, sources and banned crates of every dependency, as deny.toml says.
dependencies() {
  step 'dependencies: cargo deny'
  export PATH="$target/tools/bin:$PATH"
  if ! command -v cargo-deny >/dev/null; then
    printf 'installing cargo-deny %s into %s/tools because it checks licences and sources of the dependencies\n' \
      "$deny_version" "$target"
    # Unoptimised: it is built in half the time and has two seconds of work.
    if ! cargo install cargo-deny --version "$deny_version" --locked --debug --quiet --root "$target/tools"; then
      skip "the check of dependencies, because cargo-deny could not be installed"
      return
    fi
  fi
  cargo deny --log-level error check bans licenses sources
}

tests() {
  step 'tests: cargo test'
  local log=$target/test.log code=0
  cargo test --workspace --features "$features" --locked --no-fail-fast -- --skip sql:: --skip cluster:: 2>&1 |
    tee "$log" || code=$?
  count "$log" '/^test result:/ { passed += $4; failed += $6 }' "$code"
}

# Questions in SQL, and a scheduler with three executors of which one is killed: programs that the tests before have built.
sql_and_cluster() {
  step 'sql and cluster: cargo test'
  local log=$target/sql-and-cluster.log code=0
  cargo test --workspace --features "$features" --locked --no-fail-fast --lib --test it -- sql:: cluster:: 2>&1 |
    tee "$log" || code=$?
  count "$log" '/^test result:/ { passed += $4; failed += $6 }' "$code"
}

# The programs that the steps below run. With `--tests`, because what the tests alone depend on asks others for more features:
# without them DataFusion would be built once more.
programs() {
  step 'programs: cargo build'
  cargo build --workspace --bins --tests --features "$features" --locked --quiet
}

# PostgreSQL, for the tests that run on two databases. They say so where there is none.
databases() {
  step 'databases: PostgreSQL'
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && return
  command -v initdb >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    printf 'installing postgresql because what is stored is tested on SQLite and on PostgreSQL\n'
    # Only the programs: the tests start a server of their own.
    mkdir -p /etc/postgresql-common
    printf 'create_main_cluster = false\n' >/etc/postgresql-common/createcluster.conf
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql >/dev/null && return
  fi
  skip "the tests on PostgreSQL, because it is not here and could not be installed"
}

# The process that stores events is killed again and again; more kills before a release.
kills() {
  step 'kills: what is acknowledged is never lost nor doubled'
  trial kills --kills "${FOOTPATH_KILLS:-60}"
}

# The same of the real server, with clients that send over HTTP.
http() {
  step 'http: what the server acknowledged is never lost nor doubled'
  trial http --kills "${FOOTPATH_HTTP_KILLS:-30}"
}

# A server that is asked to stop under load ends within ten seconds, and nothing is lost.
stops() {
  step 'stops: a server that is asked to stop ends what it began'
  trial stops --stops "${FOOTPATH_STOPS:-10}"
}

# More is asked than can be done, and clients are slow on purpose: figures, and a verdict on the answers alone.
overload() {
  step 'overload: what is too much is refused politely'
  trial overload --seconds "${FOOTPATH_OVERLOAD:-6}"
}

slow() {
  step 'slow: slow clients keep nobody waiting'
  trial slow --clients "${FOOTPATH_SLOW:-1000}"
}

# One trial of a broken world, with its figures: passed or failed.
trial() {
  if "$target/debug/footpath-chaos" "$@" 2>&1 | tee "$target/$1.log"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
}

power() {
  step 'power: what is acknowledged survives its loss'
  trial power --crashes "${FOOTPATH_CRASHES:-4000}"
}

full() {
  step 'full: a disk without room does no damage'
  trial full --rounds "${FOOTPATH_ROUNDS:-20}"
  if grep -q 'not tried' "$target/full.log"; then
    passed=$((passed - 1))
    skip "the full disk, because a small one could not be mounted"
    return
  fi
  trial full-server --rounds "${FOOTPATH_FULL_SERVER:-6}"
}

calls() {
  step 'calls: any call to disk and database may fail'
  trial calls --step "${FOOTPATH_STEP:-4}"
}

changes() {
  step 'changes: a changed file is found'
  trial changes --changes "${FOOTPATH_CHANGES:-1000}"
}

order() {
  step 'order: events in any order are there once'
  trial order --cases "${FOOTPATH_CASES:-1000}"
}

second() {
  step 'second: a second process is refused'
  trial second --times "${FOOTPATH_TIMES:-10}"
}

copies() {
  step 'copies: backups of a lake that is written to'
  trial copies --rounds "${FOOTPATH_ROUNDS:-20}"
}

upgrade() {
  step 'upgrade: killed at its statements'
  trial upgrade --step "${FOOTPATH_STATEMENTS:-3}"
}

# Figures, and no verdict on them.
ingest() {
  step 'ingest: how many events a second become durable'
  trial ingest --seconds "${FOOTPATH_SECONDS:-2}"
}

# Two million events, without a look at the clock; bench/lake.py measures a billion.
size() {
  step 'size: two million events into a data folder'
  if bench/smoke.sh "$target/debug" "${FOOTPATH_EVENTS:-2000000}" 2>&1 | tee "$target/size.log"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
}

# A published catalogue read by DuckDB, whose wheels hold the extensions as well.
duckdb_is_there() {
  command -v python3 >/dev/null || return 1
  [ -x "$target/duckdb/bin/python" ] && "$target/duckdb/bin/python" -c 'import duckdb_extension_ducklake' 2>/dev/null && return
  printf 'installing DuckDB into %s/duckdb because it must count what we count\n' "$target"
  python3 -m venv "$target/duckdb" &&
    "$target/duckdb/bin/pip" install --quiet --disable-pip-version-check -r tests/duckdb/requirements.txt
}

conformance() {
  step 'conformance: DuckDB reads a published data folder'
  if ! duckdb_is_there; then
    skip "DuckDB as a reader, because Python or its packages could not be had"
    return
  fi
  if "$target/duckdb/bin/python" tests/duckdb/reads.py "$target/debug/footpath"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
}

# The pages of the program: types, lint, laws of the map's operations, and every page in a browser.
web() {
  step 'web: the pages in a browser'
  if ! browser_is_there; then
    skip "the tests of the pages, because Node and Chromium are not here and could not be installed"
    return
  fi
  if ! npm ci --prefix web --no-audit --no-fund --loglevel=error; then
    skip "the tests of the pages, because their packages could not be installed"
    return
  fi
  if ! npm run --prefix web --silent check || ! npm run --prefix web --silent lint; then
    failed=$((failed + 1))
    return
  fi
  local log=$target/web.json code=0
  FOOTPATH_BIN=$target/debug/footpath npm test --prefix web --silent -- --reporter=default --reporter=json --outputFile="$log" || code=$?
  count "$log" 'BEGIN { RS = "," } /"numPassedTests":/ { split($0, a, ":"); passed = a[2] } /"numFailedTests":/ { split($0, a, ":"); failed = a[2] }' "$code"
}

# The page of `footpath demo` in a browser: it opens, says nothing on the console, and axe finds nothing.
page() {
  step 'page: the report in a browser'
  [ -f tests/page/package.json ] || return 0
  if ! browser_is_there; then
    skip "the page test, because Node and Chromium are not here and could not be installed"
    return
  fi
  if ! npm ci --prefix tests/page --no-audit --no-fund --loglevel=error; then
    skip "the page test, because its packages could not be installed"
    return
  fi
  local pages=$target/pages log=$target/page.log code=0
  rm -rf "$pages"
  if ! "$target/debug/footpath" demo --pages --out "$pages"; then
    failed=$((failed + 1))
    return
  fi
  FOOTPATH_PAGES=$pages npm test --prefix tests/page --silent 2>&1 | tee "$log" || code=$?
  count "$log" '/^# pass / { passed += $3 } /^# fail / { failed += $3 }' "$code"
}

browser_is_there() {
  local missing=()
  command -v node >/dev/null && command -v npm >/dev/null || missing+=(nodejs npm)
  command -v chromium >/dev/null || missing+=(chromium)
  [ ${#missing[@]} -eq 0 ] && return
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  printf 'installing %s because pages are tested in a browser\n' "${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Adds up what a test runner wrote; a runner that fails without a failed test did not get as far as its tests.
count() {
  local log=$1 program=$2 code=$3 p f
  read -r p f < <(awk "$program END { print passed + 0, failed + 0 }" "$log")
  [ "$code" = 0 ] || [ "$f" != 0 ] || f=1
  passed=$((passed + p))
  failed=$((failed + f))
}

formatting
lints
dependencies
databases
tests
sql_and_cluster
programs
kills
http
stops
overload
slow
power
full
calls
changes
order
second
copies
upgrade
ingest
size
conformance
web
page
[ "$failed" = 0 ]
