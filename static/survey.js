// A score counts once a person acts on the page: a touch or a key, of a real device, while
// the page is seen. Nothing is sent on loading or by a timer; a script's own events count for nothing.
(() => {
  const form = document.querySelector("form[data-confirm]");
  if (!form) return;
  const find = (what) => form.querySelector(what), ask = find("[data-ask]");
  const say = (text, number) => { find("[role=status] p").textContent = text.replace("#", number); };
  const silent = /^(Alt|Caps|Control|Esc|Fn|Meta|OS|Print|Shift)/;
  let saved, timer = 0, busy, sent;
  // One at a time and in order: the last choice is the one that stays.
  const save = () => {
    timer = 0;
    const radio = find("[name=score]:checked");
    if (busy || sent || !radio || radio.value === saved) return;
    const score = saved = radio.value;
    busy = true;
    fetch(form.action, { method: "POST", body: new URLSearchParams({ step: "confirm", score }), keepalive: true, credentials: "omit" })
      .then((answer) => { if (!answer.ok) throw answer; busy = false; say(form.dataset.said, score); save(); })
      .catch(() => { busy = false; saved = 0; say(form.dataset.failed, score); });
  };
  // A tap moves the choice right after it; only then is it known.
  const act = (event) => {
    if (!event.isTrusted || document.visibilityState !== "visible" || event.button > 0) return;
    if (event.type === "keyup" && (event.ctrlKey || event.metaKey || event.altKey || silent.test(event.key))) return;
    // Whoever goes for "stop these mails" has not answered.
    if (event.target.closest && event.target.closest("a")) return;
    timer = timer || setTimeout(save, 40);
  };
  for (const name of ["pointerup", "pointercancel", "keyup"]) document.addEventListener(name, act);
  form.addEventListener("change", (event) => {
    if (event.target.name !== "score") return;
    ask.textContent = ask.dataset[event.target.dataset.group];
    // A script's click() changes the choice "trusted": only with a real gesture is it one.
    if (navigator.userActivation && navigator.userActivation.isActive) act(event);
  });
  form.addEventListener("submit", () => { sent = true; });
  addEventListener("pagehide", () => { if (timer) { clearTimeout(timer); save(); } });
  addEventListener("pageshow", () => { sent = false; });
})();
