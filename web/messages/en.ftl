# What the pages say. Ids are what is said, not where.

## Widgets

close = Close
dismiss = Dismiss
undo = Undo
redo = Redo
cancel = Cancel
save = Save
try-again = Try again
nothing-found = Nothing found
interval = { $low } to { $high }
n = n = { $n }
too-few = n = { $n }, too few
verdict-meets = meets
verdict-defective = defective
verdict-not_proven = not proven
verdict-none = no standard

## Shell

app = Footpath
skip-to-content = Skip to the page
main-navigation = Main
nav-today = Today
nav-journeys = Journeys
theme = Theme
theme-system = As the system
theme-light = Light
theme-dark = Dark
density = Density
density-compact = Compact
density-comfortable = Comfortable
language = Language
single-key-shortcuts = Single-key shortcuts
preferences = Preferences
workspace = Workspace
sign-out = Sign out { $name }
help = Help
search = Search
search-or-do = Go to, do, search
palette-empty = No command and no journey has this in its name.
shortcuts = Keyboard shortcuts
shortcuts-note = Single keys never fire while you type, and can be switched off under Preferences.
loading = Loading
not-found-title = There is no such page
not-found-text = The address leads nowhere. It may have been mistyped, or the page may have moved.
to-journeys = To the journeys
could-not-load = This could not be loaded:
nothing-lost = Nothing of yours was lost.

## Atlas

journeys-title = Journeys
journeys-search = Search journeys
new-journey = New journey
journey-title = Title
journey-title-help = In the customer’s words: “I renew my contract”
create = Create
could-not-create = The journey was not created:
your-words-kept = Your words are still in the form.
journeys-empty-title = No journey yet
journeys-empty-text = A journey is what a customer sets out to do, in the customer’s words. Its map holds what was designed, what is walked and what customers tell, side by side.
journeys-none-found = No journey has “{ $search }” in its title.
column-title = Title
column-status = Status
column-scope = Kind
column-touchpoints = Touchpoints
column-updated = Last change
status-draft = draft
status-published = published
status-retired = retired
scope-current = current
scope-target = target

## Today

today-title = Today
today-defective = { $count ->
    [one] 1 standard is defective
   *[other] { $count } standards are defective
}

## Map

map-of = Map of { $title }
tab-map = Map
tab-standards = Standards
views = Views
view = View
view-customer = Customer
view-company = Company
view-blueprint = Blueprint
view-scorecard = Scorecard
view-gaps = Gaps
view-all = Everything
view-outline = Outline
view-present = Present
overlay = Colour by
overlay-none = Nothing
overlay-verdict = Verdict
overlay-score = Score
overlay-volume = Reach
zoom = Zoom
zoom-fit = Fit
zoom-full = 100 %
zoom-overview = Overview
lanes-shown = Lanes
state-saved = Saved
state-saving = Saving…
state-offline = { $count ->
    [one] Offline, 1 change kept
   *[other] Offline, { $count } changes kept
}
state-conflict = { $count ->
    [one] 1 text in conflict
   *[other] { $count } texts in conflict
}
version = v{ $rev }
undo-name = Undo { $name }
redo-name = Redo { $name }
undone = Undone: { $name }
redone = Redone: { $name }
overtaken = { $actor } has changed this since. Undo { $name } anyway?
undo-anyway = Undo anyway
keep-theirs = Keep theirs
somebody = Somebody
here-now = Here now: { $names }
export = Export
print = Print
export-tsv = Table (TSV)
export-json = Map (JSON)
panel = Side panel
panel-hide = Hide the side panel
panel-show = Show the side panel
panel-nothing = Choose a cell to see what is known about it.
panel-measures = Measures
panel-evidence = Evidence
panel-comments = Comments
panel-details = Details
map-help = Arrow keys move, Enter edits, Alt with arrows moves a card
stage = Stage
touchpoint = Touchpoint
lane = Lane
owner = Owner
no-owner = no owner
channels = Channels
reach-this = { $share } reach this
cell-empty = empty
cell-cards = { $count ->
    [one] 1 card
   *[other] { $count } cards
}
card-menu = Card
cell-menu = Cell
lane-menu = Lane { $lane }
touchpoint-menu = Touchpoint { $touchpoint }
stage-menu = Stage { $stage }
edit = Edit
edit-card = Edit
add-card = Add a card
delete-card = Delete
duplicate = Duplicate
move-to = Move to…
move-to-title = Move “{ $card }”
move-stage = Stage
move-touchpoint = Touchpoint
move-position = Position
position-first = First
position-after = After “{ $card }”
move = Move
comment = Comment
link-evidence = Link evidence
rename = Rename
delete = Delete
add-touchpoint = Add a touchpoint
add-touchpoint-after = Add a touchpoint after
add-stage = Add a stage
add-stage-after = Add a stage after
add-lane = Add a lane
hide-lane = Hide
move-left = Move left
move-right = Move right
move-up = Move up
move-down = Move down
copy = Copy
cut = Cut
paste = Paste
new-touchpoint = New touchpoint
new-stage = New stage
new-lane = New lane
grade = Evidence
grade-none = not said
grade-measured = A, measured
grade-observed = B, observed
grade-told = C, told by customers
grade-staff = D, told by staff
grade-assumed = E, assumed
links = { $count ->
    [one] 1 link
   *[other] { $count } links
}
more = more
less = less
one-or-many = The text has { $count } lines. One card, or { $count } cards?
one-card = One card
many-cards = { $count } cards
text-of-card = Text of the card
line-interaction = Line of interaction
line-visibility = Line of visibility
line-internal = Line of internal interaction
legend-designed = Designed
legend-measured = Measured, 95% CI
feel-of = Feeling at { $touchpoint }
feel-designed = { $value }, { $label }
feel-measured = measured { $value }, { $n } answers
feel-few = measured by { $n }, too few
feel-none = no feeling said
feel-add = Say a feeling
feel-label = In a word
feel-2 = delighted
feel-1 = content
feel-0 = neutral
feel--1 = annoyed
feel--2 = angry
gap = gap { $gap }
measure-reach = Reach
measure-score = { $question }, 95% CI
measure-defects = Defects, 95% CI
measure-wait = Wait before, p90
measure-belief = Belief
measure-importance = Importance
measures-none-title = No data
measures-none-text = Connect a source of events, or upload a file, and each touchpoint shows its reach, score, defects and waits.
measures-failed = The measures could not be loaded; the last good ones stay.
measures-as-of = As of { $when }
visits-of = { $count } visits
promise-of = promised { $share }
needs-more = { $count } more checks would settle it
standards-of = Standards
no-standards = No standard yet: nothing here can be called a defect.
belief-gap = Customers say { $present }, { $who } believes { $belief }

## Doing things to the map

did-add-card = Add “{ $text }”
did-edit-card = Edit “{ $text }”
did-delete-card = Delete “{ $text }”
did-delete-cards = Delete { $count } cards
did-move-card = Move “{ $text }”
did-duplicate = Duplicate “{ $text }”
did-grade = Grade “{ $text }”
did-owner = Change the owner
did-feel = Change the feeling at { $touchpoint }
did-add-touchpoint = Add { $title }
did-add-stage = Add { $title }
did-add-lane = Add { $title }
did-rename = Rename to { $title }
did-delete = Delete { $title }
did-move = Move { $title }
did-lane = Change the lane { $title }
did-paste = Paste { $count } cards
did-link = Link evidence
deleted-toast = Deleted: { $title }
moved-toast = Moved to { $touchpoint }, position { $position }
no-further = There is nothing further
other-kind = Cards of { $from } do not fit { $to }
refused-toast = The server did not take a change: { $message }

## Conflicts

conflict-title = Two people wrote here at once
conflict-mine = Mine
conflict-theirs = Theirs
conflict-deleted = They deleted the card.
take-mine = Keep mine
take-theirs = Keep theirs
take-both = Keep both
restore-mine = Restore with mine
let-it-go = Let it go

## Paste

paste-title = Paste a table
paste-text = { $rows } rows × { $columns } columns. The first row and column are taken as names where they match touchpoints and lanes.
paste-cards = { $count ->
    [one] Paste 1 card
   *[other] Paste { $count } cards
}
paste-nothing = Nothing in this text fits the map from here.
paste-outside = { $count ->
    [one] 1 cell lies outside of the map and is left out.
   *[other] { $count } cells lie outside of the map and are left out.
}

## Comments

comment-write = Write a comment
comment-send = Comment
comment-resolve = Resolve
comment-reopen = Reopen
comments-none = No comment here yet.
comments-failed = The comments could not be loaded:
comment-failed = The comment was not stored:
comments-count = { $count ->
    [one] 1 comment
   *[other] { $count } comments
}

## Links

link-kind = Kind
link-to = Where to
link-title = Title
link-add = Link
link-remove = Remove the link to { $title }
link-case = Case
link-walk = Walk
link-survey = Survey
link-document = Document
link-finding = Finding

## Small screens and presenting

previous-touchpoint = Previous touchpoint
next-touchpoint = Next touchpoint
touchpoint-of = { $at } of { $all }
order-on-desk = Order of stages and touchpoints is changed on a larger screen.
previous-stage = Previous stage
next-stage = Next stage
stage-of = Stage { $at } of { $all }
add = Add

## Keys

keys-move = Move between cells
keys-ends = Ends of the row, corners of the map
keys-stage = By stage
keys-edit = Edit the first card, or begin one
keys-type = Typing begins a new card
keys-panel = Open the side panel on the cell
keys-hide-panel = Hide or show the side panel
keys-reorder = Move a card within its cell
keys-across = Move a card to the touchpoint before or after
keys-lane = Move a card to another lane of its kind
keys-menu = Move to…
keys-range = Select several cells
keys-clipboard = Copy, cut, paste
keys-undo = Undo, redo
keys-add = Add a card
keys-delete = Delete
keys-duplicate = Duplicate
keys-feeling = Change the feeling by 0.25, by 1
keys-comment = Comment on the cell
keys-link = Link evidence
keys-overlay = Next colouring, none
keys-palette = Go to, do, search
keys-help = This list
keys-go = Go to Today, Journeys, Map

## Pages of a journey

breadcrumb = Where this is
pages-of-journey = Pages of this journey
standards-title = Standards
standards-text = What is promised, and how it is kept. The worst come first.
standard = Standard
verdict = Verdict
broken-share = Broken
promised = Promised
checks = Checks
standards-empty-title = No standard measured yet
standards-empty-text = A standard is a promise that can be checked: “answered within a minute, for 95 %”. Write it on a touchpoint, bind events, and its verdict stands here.
filter-verdict = Verdict
filter-any = Any
touchpoint-findings = Findings
findings-none = Nothing stands out here.
whole-journey = Whole journey
as-table = Show as table
tab-actual = Actual
actual-text = The grey band is the designed path; what departs from it is orange, who leaves is hatched. Choose a part to open its touchpoint.
variants = Walked paths
path = Path
instances = Instances
share = Share
fits-design = Against the design
fits = fits
departs = departs
back-and-forth = Back and forth
between = Between
times = Times
tab-gaps = Gaps
gaps-text = Where what matters to customers, what they expect and what the company believes part from what they get.
column-health = Health
changed-since = changed since
problems = { $count ->
    [one] 1 problem
   *[other] { $count } problems
}
problems-none = can be published
warnings = { $count ->
    [one] 1 warning
   *[other] { $count } warnings
}
assumed-share = { $share } assumed
today-none-title = Nothing is measured yet
today-none-text = Publish a journey and bring in events: standards that become defective stand here, with interval and owner.
today-all-well = No standard of this journey is defective.

## History

tab-history = History
publish = Publish
name-version = Keep under a name
versions = Versions
version-number = Version
version-name = Name
version-note = What is new
version-by = By
version-restore = Bring back
version-published = published
version-named = named
restore-version = Bring back version { $number }
restored = { $count ->
    [one] 1 change brought it back
   *[other] { $count } changes brought it back
}
versions-empty-title = No version yet
versions-empty-text = A published version never changes, and every measurement names the one it was made against. Until then this is a draft.
as-it-is = As it is now
compare = Compare
compare-from = From
compare-to = To
compare-same = The two are the same.
diff-added = Added:
diff-removed = Removed:
diff-changed = Changed:
diff-moved = Moved:
publish-problems = { $count ->
    [one] 1 thing stands in the way
   *[other] { $count } things stand in the way
}
publish-warnings = { $count ->
    [one] 1 thing to look at
   *[other] { $count } things to look at
}
publish-ready = Nothing stands in the way.
publish-failed = It was not stored:
