# Was die Seiten sagen. Was hier fehlt, steht dort auf Englisch.

close = Schließen
dismiss = Ausblenden
undo = Rückgängig
redo = Wiederholen
cancel = Abbrechen
save = Speichern
try-again = Noch einmal
nothing-found = Nichts gefunden
interval = { $low } bis { $high }
n = n = { $n }
too-few = n = { $n }, zu wenige
verdict-meets = erfüllt
verdict-defective = mangelhaft
verdict-not_proven = nicht erwiesen
verdict-none = kein Standard

app = Footpath
skip-to-content = Zum Inhalt
main-navigation = Hauptbereiche
nav-today = Heute
nav-journeys = Reisen
theme = Farben
theme-system = Wie das System
theme-light = Hell
theme-dark = Dunkel
density = Dichte
density-compact = Dicht
density-comfortable = Locker
language = Sprache
single-key-shortcuts = Kurzbefehle mit einer Taste
preferences = Einstellungen
help = Hilfe
search = Suchen
search-or-do = Gehe zu, tue, suche
palette-empty = Kein Befehl und keine Reise heißt so.
shortcuts = Tastenkürzel
shortcuts-note = Einzelne Tasten wirken nie, während Sie schreiben, und lassen sich in den Einstellungen abschalten.
loading = Wird geladen
not-found-title = Diese Seite gibt es nicht
not-found-text = Die Adresse führt nirgendwohin. Vielleicht ist sie vertippt, oder die Seite ist umgezogen.
to-journeys = Zu den Reisen
could-not-load = Das konnte nicht geladen werden:
nothing-lost = Von Ihrer Arbeit ging nichts verloren.

journeys-title = Reisen
journeys-search = Reisen suchen
new-journey = Neue Reise
journey-title = Titel
journey-title-help = In den Worten des Kunden: „Ich verlängere meinen Vertrag“
create = Anlegen
could-not-create = Die Reise wurde nicht angelegt:
your-words-kept = Was Sie geschrieben haben, steht noch da.
journeys-empty-title = Noch keine Reise
journeys-empty-text = Eine Reise ist, was ein Kunde sich vornimmt, in seinen Worten. Ihre Karte hält fest, was entworfen ist, was gegangen wird und was Kunden sagen, Seite an Seite.
journeys-none-found = Keine Reise hat „{ $search }“ im Titel.
column-title = Titel
column-status = Stand
column-scope = Art
column-touchpoints = Kontaktpunkte
column-updated = Geändert
status-draft = Entwurf
status-published = veröffentlicht
status-retired = stillgelegt
scope-current = heute
scope-target = Ziel

today-title = Heute
today-defective = { $count ->
    [one] 1 Standard ist mangelhaft
   *[other] { $count } Standards sind mangelhaft
}

map-of = Karte: { $title }
tab-map = Karte
tab-standards = Standards
views = Ansichten
view = Ansicht
view-customer = Kunde
view-company = Unternehmen
view-blueprint = Bauplan
view-scorecard = Kennzahlen
view-gaps = Lücken
view-all = Alles
view-outline = Gliederung
view-present = Vortrag
overlay = Färben nach
overlay-none = Nichts
overlay-verdict = Urteil
overlay-score = Wertung
overlay-volume = Reichweite
zoom = Größe
zoom-fit = Einpassen
zoom-full = 100 %
zoom-overview = Überblick
lanes-shown = Zeilen
state-saved = Gespeichert
state-saving = Wird gespeichert…
state-offline = { $count ->
    [one] Ohne Verbindung, 1 Änderung aufgehoben
   *[other] Ohne Verbindung, { $count } Änderungen aufgehoben
}
version = v{ $rev }
undo-name = { $name } rückgängig machen
redo-name = { $name } wiederholen
export = Ausgeben
print = Drucken
panel = Seitenleiste
panel-hide = Seitenleiste ausblenden
panel-show = Seitenleiste zeigen
panel-nothing = Wählen Sie eine Zelle, um zu sehen, was über sie bekannt ist.
panel-measures = Messwerte
panel-evidence = Belege
panel-comments = Kommentare
panel-details = Angaben
map-help = Pfeile bewegen, Enter schreibt, Alt mit Pfeilen verschiebt eine Karte
stage = Abschnitt
touchpoint = Kontaktpunkt
lane = Zeile
owner = Verantwortlich
no-owner = niemand
channels = Kanäle
reach-this = { $share } kommen her
cell-empty = leer
edit = Bearbeiten
add-card = Karte anlegen
delete-card = Löschen
duplicate = Verdoppeln
move-to = Verschieben nach…
add = Anlegen
column-health = Zustand
tab-actual = Gegangen
tab-gaps = Lücken
tab-history = Verlauf
