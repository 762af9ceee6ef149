"use strict";
const state = document.getElementById("live");
const say = (text, lost) => { state.textContent = text; state.className = lost ? "lost" : ""; };
const source = new EventSource("events");
source.addEventListener("open", () => say("● live"));
source.addEventListener("error", () => say("✖ The connection is lost; trying again", true));
source.addEventListener("end", () => {
  source.close();
  say("■ The run has ended: its report is logs/dashboard.html", true);
});
source.addEventListener("title", event => { document.title = JSON.parse(event.data).title; });
source.addEventListener("section", event => {
  const { id, html } = JSON.parse(event.data);
  const section = document.getElementById(id);
  const selection = document.getSelection();
  // Nothing is taken away from somebody who is marking it.
  if (!section || (!selection.isCollapsed && section.contains(selection.anchorNode))) return;
  const open = [...section.querySelectorAll("details")].map(details => details.open);
  const scrolled = [...section.querySelectorAll(".scroll")].map(box => [box.scrollLeft, box.scrollTop]);
  const checked = [...section.querySelectorAll("input:checked")].map(input => input.id);
  const active = document.activeElement;
  const within = section.contains(active) ? [...section.querySelectorAll("a,summary,input,.scroll")].indexOf(active) : -1;
  section.innerHTML = html;
  section.querySelectorAll("details").forEach((details, index) => { if (index in open) details.open = open[index]; });
  section.querySelectorAll(".scroll").forEach((box, index) => { if (scrolled[index]) [box.scrollLeft, box.scrollTop] = scrolled[index]; });
  checked.forEach(input => { const found = document.getElementById(input); if (found) found.checked = true; });
  if (within >= 0) section.querySelectorAll("a,summary,input,.scroll")[within]?.focus({ preventScroll: true });
});
