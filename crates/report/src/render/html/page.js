"use strict";
// The report reads without this. It adds a switch for the theme, and unfolds what paper cannot.
document.addEventListener("DOMContentLoaded", () => {
  const root = document.documentElement;
  const button = document.getElementById("theme");
  const themes = ["", "light", "dark"];
  const names = { "": "as the system", light: "light", dark: "dark" };
  button.hidden = false;
  button.addEventListener("click", () => {
    const now = root.dataset.theme || "";
    const next = themes[(themes.indexOf(now) + 1) % themes.length];
    if (next) root.dataset.theme = next;
    else delete root.dataset.theme;
    button.textContent = "Theme: " + names[next];
  });
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details[data-print]:not([open])")];
    for (const details of unfolded) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of unfolded) details.open = false;
  });
});
