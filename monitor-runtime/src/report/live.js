"use strict";
const state = document.getElementById("live");
const say = (text, kind = "") => { state.textContent = text; document.body.className = kind; };
const source = new EventSource("events");
source.addEventListener("open", () => say("● live"));
source.addEventListener("error", () => {
  say("✖ The connection is lost; trying again", "lost");
  document.title = document.title.replace(/^\S+/, "?");
});
source.addEventListener("end", event => {
  source.close();
  say(`■ The run has ended: its report is ${JSON.parse(event.data).report}`, "over");
});
source.addEventListener("title", event => { document.title = JSON.parse(event.data).title; });

// What an element is called, by which it is found again in a section that was made anew: not
// its place, since others may have come before it.
const called = element => {
  if (element.matches("summary")) return `summary of ${called(element.parentElement)}`;
  if (element.matches("input")) return `${element.name} ${element.closest("label").textContent}`;
  const box = element.matches("details") ? element.querySelector(":scope > .scroll") : element;
  const text = element.querySelector("summary")?.textContent;
  return `${element.localName} ${box?.getAttribute("aria-label") ?? element.getAttribute("href") ?? text}`;
};
const named = section => new Map([...section.querySelectorAll("details, summary, .scroll, .cause, input, a")]
  .map(element => [called(element), element]));

// Nothing is taken away from somebody who is marking it, or reading older lines of the log.
const isRead = section => {
  const selection = document.getSelection();
  const isMarked = !selection.isCollapsed && section.contains(selection.anchorNode);
  return isMarked || section.querySelector(".lines")?.scrollTop < -4;
};

const replace = (section, html) => {
  const before = named(section);
  const scrolled = new Map([...before].map(([name, old]) => [name, [old.scrollLeft, old.scrollTop]]));
  const focused = document.activeElement;
  section.innerHTML = html;
  for (const [name, element] of named(section)) {
    const old = before.get(name);
    if (!old) continue;
    if (element.matches("details")) element.open = old.open;
    if (element.matches("input") && old.checked) element.checked = true;
    [element.scrollLeft, element.scrollTop] = scrolled.get(name);
    if (old === focused) element.focus({ preventScroll: true });
  }
};

const waiting = new Map();
const show = () => waiting.forEach((html, id) => {
  const section = document.getElementById(id);
  if (section && isRead(section)) return;
  waiting.delete(id);
  if (section) replace(section, html);
});
source.addEventListener("section", event => {
  const { id, html } = JSON.parse(event.data);
  waiting.set(id, html);
  show();
});
setInterval(show, 1000);
