// What the pages need beyond htmx: confirmation, one press one request, keys, and the desk's filling
// in of what the router suggests. Pages work without it, except for the suggestions.
"use strict";

// --- Confirmation before what cannot be undone: <button data-confirm="…">
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-confirm]");
  if (!button || button.dataset.confirmed) return;
  event.preventDefault();
  const dialog = document.getElementById("confirm");
  dialog.querySelector("p").textContent = button.dataset.confirm;
  dialog.querySelector("[value=yes]").textContent = button.textContent.trim();
  dialog.onclose = () => {
    if (dialog.returnValue !== "yes") return;
    button.dataset.confirmed = "1";
    button.form.requestSubmit(button);
    delete button.dataset.confirmed;
  };
  dialog.returnValue = "";
  dialog.showModal();
});

// --- One press, one request
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method === "post" && !form.hasAttribute("hx-post")) {
    form.dataset.sent = "1";
    form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-busy", "true"));
  }
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// --- A refused form: to the first field that must be mended
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector(".field.bad :is(input, textarea, select)")?.focus();
});

// --- Keys: Ctrl+Enter sends, "/" goes to the search field, Alt+1…4 choose the desk's way
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form");
    const button = form && [...form.querySelectorAll("button.main")].find((one) => one.offsetParent);
    if (button) {
      event.preventDefault();
      button.click();
    }
  }
  if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
  if (event.altKey && /^[1-4]$/.test(event.key)) {
    const way = document.querySelectorAll("input[name=way_out]")[Number(event.key) - 1];
    if (way) {
      event.preventDefault();
      way.checked = true;
      way.dispatchEvent(new Event("change", { bubbles: true }));
      way.focus();
    }
  }
});

// --- Ways of ending the desk's form: show the fields of the chosen one
function showWay() {
  const chosen = document.querySelector("input[name=way_out]:checked");
  if (!chosen) return;
  document.querySelectorAll("[data-way]").forEach((part) => {
    const shown = part.dataset.way.split(" ").includes(chosen.value);
    part.hidden = !shown;
    // Fields of another way are not sent.
    part.querySelectorAll("input, select, textarea").forEach((field) => {
      field.disabled = !shown;
    });
  });
}
document.addEventListener("change", (event) => {
  if (event.target.name === "way_out") {
    event.target.dataset.touched = "1";
    showWay();
  }
});
document.addEventListener("DOMContentLoaded", showWay);

// --- The desk: what the operator has typed stays; the rest follows the router
function fill(name, value) {
  const field = document.querySelector(`[data-fill="${name}"]`);
  if (!field || field.dataset.touched || value === undefined) return;
  field.value = value;
}
document.addEventListener("input", (event) => {
  if (event.target.dataset && "fill" in event.target.dataset) event.target.dataset.touched = "1";
});
document.addEventListener("htmx:afterSwap", (event) => {
  const answer = event.target.querySelector("[data-suggested]");
  if (!answer) return;
  for (const [name, value] of Object.entries(JSON.parse(answer.dataset.suggested))) {
    if (name === "way_out") {
      const touched = document.querySelector("input[name=way_out][data-touched]");
      const way = document.querySelector(`input[name=way_out][value="${value}"]`);
      if (way && !touched) {
        way.checked = true;
        showWay();
      }
    } else {
      fill(name, value);
    }
  }
});
// A candidate pressed: its item, and the units that answer for it
document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-item]");
  if (!chip) return;
  const field = document.querySelector('[data-fill="item"]');
  field.value = chip.dataset.item;
  field.dataset.touched = "1";
  chip.parentElement
    .querySelectorAll("[data-item]")
    .forEach((one) => one.setAttribute("aria-pressed", String(one === chip)));
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
// Guidance follows the chosen kind of what is not accepted
document.addEventListener("change", (event) => {
  if (event.target.name !== "exclusion") return;
  const text = event.target.selectedOptions[0]?.dataset.guidance;
  const guidance = document.querySelector("[name=guidance]");
  if (text && guidance && !guidance.dataset.touched) guidance.value = text;
});
