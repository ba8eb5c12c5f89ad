// The preview follows what is typed. Without this file its buttons do the same.
"use strict";

(() => {
  const form = document.querySelector("[data-builder]");
  if (!form) return;
  const PAUSE = 600;
  const buttons = [...form.querySelectorAll("[data-preview]")];
  let drawn = 0;
  let timer = 0;

  // Sending the form into a frame that is new leaves no trace in the browser's history, and
  // the old frame stays in sight until the new one has something to show.
  const redraw = (button) => new Promise((done) => {
    const old = form.querySelector(`[data-frame="${button.dataset.preview}"]`);
    const frame = old.cloneNode();
    frame.removeAttribute("src");
    frame.name = `frame-${button.dataset.preview}-${++drawn}`;
    frame.classList.add("coming");
    old.after(frame);
    frame.addEventListener("load", () => {
      // A new frame may report that it is empty first.
      if (frame.contentDocument?.URL === "about:blank") return;
      old.remove();
      frame.classList.remove("coming");
      done();
    });
    button.setAttribute("formtarget", frame.name);
    form.requestSubmit(button);
  });

  let busy = false;
  let again = false;
  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    // One after the other: a form has one way to be sent at a time.
    for (const button of buttons) await redraw(button);
    busy = false;
    if (again) { again = false; refresh(); }
  };

  form.addEventListener("input", (event) => {
    if (event.target.matches("[name=add], [name=width], [data-show]")) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });
  // The preview shows what is being written: its language, and the page where it stands.
  const PART = /^(.+)-(question|follow_up_[a-z]+|thanks_[a-z]+|subject|intro|low|high)$/;
  form.addEventListener("focusin", (event) => {
    const [, language, part] = PART.exec(event.target.name) ?? [];
    if (!part) return;
    const { step, language: chosen } = form.elements;
    const wanted = part.includes("_") ? part : "question";
    if (chosen.value === language && step.value === wanted) return;
    step.value = wanted;
    if ([...chosen.options].some((option) => option.value === language)) chosen.value = language;
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.addEventListener("change", (event) => {
    if (!event.target.matches("[data-show]")) return;
    for (const note of form.querySelectorAll("[data-language]")) note.hidden = note.dataset.language !== form.elements.language.value;
    clearTimeout(timer);
    refresh();
  });
})();
