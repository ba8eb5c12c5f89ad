// Joins the buttons of a page to allauth's script for passkeys, which speaks to the browser.
// They stand only where the browser can use passkeys; that takes https and a name.
"use strict";

{
  const buttons = [...document.querySelectorAll("[data-passkey]")];
  const numbers = /^[\d.]+$|:/.test(location.hostname);
  const offered = Boolean(window.PublicKeyCredential) && !numbers;
  const show = (what) => document.querySelectorAll(what).forEach((part) => { part.hidden = false; });

  // What the button does, by the name that allauth gives to its part.
  const steps = { login: "loginForm", authenticate: "authenticateForm", add: "addForm" };

  for (const button of buttons) {
    button.hidden = !offered;
    const { passkey } = button.dataset;
    const field = (name) => button.form.querySelector(`[name=${name}]`)?.id;
    const ids = { [passkey]: button.id, credential: field("credential"), passwordless: field("passwordless"), data: "js_data" };
    window.allauth.webauthn.forms[steps[passkey]]({ ids });
  }

  if (!offered) show("[data-passkey-missing]");
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    show("[data-passkey-failed]");
  });
}
