"""The pages customers see: paying an invoice, and changing their card. Plain HTML."""

from html import escape
from urllib.parse import parse_qs

from fakegateway.acts import acted, new_card
from fakegateway.errors import Obj, Refusal
from fakegateway.invoices import intent_ensured
from fakegateway.store import Store

# What may be chosen: (fate, brand, last four figures, words).
CHOICES = (
    ("succeeds", "visa", "4242", "Visa ending in 4242: is charged"),
    ("succeeds", "mastercard", "4444", "Mastercard ending in 4444: is charged"),
    ("insufficient_funds", "visa", "9995", "Visa ending in 9995: not enough money"),
    ("lost_card", "visa", "9987", "Visa ending in 9987: reported lost"),
    ("expired_card", "visa", "0069", "Visa ending in 0069: expired"),
    ("authentication_required", "visa", "3184", "Visa ending in 3184: asks to confirm"),
)
WHOLE = {"jpy", "krw", "huf0", "vnd", "clp"}
STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#1d2433}
main{max-width:30rem;margin:2rem auto;padding:1.5rem;background:#fff;border-radius:12px}
.fake{background:#fff3cd;color:#5c4400;padding:.5rem 1rem;text-align:center}
h1{font-size:1.25rem;margin:0 0 .5rem}.sum{font-size:2rem;font-weight:600;margin:0}
fieldset{border:1px solid #c4cad6;border-radius:8px;margin:1rem 0}
label{display:block;padding:.3rem 0}.bad{color:#a3161a}.good{color:#0b6b3a}
button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:8px;background:#3538cd;
color:#fff;cursor:pointer}@media(max-width:32rem){main{margin:0;border-radius:0}}
"""


def page(store: Store, path: str) -> tuple[int, str]:
    """This will show a page."""
    kind, _slash, name = path.strip("/").partition("/")
    if kind == "i" and name in store.objects.get("invoice", {}):
        return 200, _invoice(store, store.find("invoice", name))
    if kind == "p" and name in store.objects.get("billing_portal.session", {}):
        return 200, _portal(store, store.find("billing_portal.session", name))
    return 404, _framed("Not found", "<p>There is no such page.</p>")


def sent(store: Store, path: str, body: str) -> tuple[int, str]:
    """This will do what was sent from a page, and show what came of it."""
    kind, _slash, name = path.strip("/").partition("/")
    form = {key: values[0] for key, values in parse_qs(body).items()}
    try:
        if kind == "i" and name in store.objects.get("invoice", {}):
            return 200, _paid(store, store.find("invoice", name), form)
        if kind == "p" and name in store.objects.get("billing_portal.session", {}):
            row = store.find("billing_portal.session", name)
            return 200, _changed(store, row, form)
    except (Refusal, ValueError, IndexError) as error:
        return 400, _framed("Not possible", f"<p class=bad>{escape(str(error))}</p>")
    return 404, _framed("Not found", "<p>There is no such page.</p>")


def _chosen(form: dict[str, str]) -> Obj:
    fate, brand, last4, _words = CHOICES[int(form.get("card", "0"))]
    return {"fate": fate, "brand": brand, "last4": last4}


def _paid(store: Store, row: Obj, form: dict[str, str]) -> str:
    if "confirm" in form:
        fate = "succeeds" if form["confirm"] == "yes" else "authentication_refused"
        told = acted(store, {"do": "confirm", "invoice": row["id"], "fate": fate})
    else:
        keep = form.get("keep") == "on"
        told = acted(
            store, {"do": "pay", "invoice": row["id"], "default": keep, **_chosen(form)}
        )
    error = told["error"]
    waits = intent_ensured(store, row)["status"] == "requires_action"
    words = "" if error is None or waits else str(error["message"])
    return _invoice(store, row, words)


def _changed(store: Store, session: Obj, form: dict[str, str]) -> str:
    new_card(store, {"customer": session["customer"], **_chosen(form)})
    return _portal(store, session, "The card was saved. It is used from now on.")


def _invoice(store: Store, row: Obj, error: str = "") -> str:
    title = f"Invoice {row['number'] or row['id']}"
    head = f"<h1>{escape(title)}</h1><p class=sum>{money(row)}</p>"
    head += f"<p>For {escape(row['customer_name'] or row['customer'])}</p>"
    if row["status"] == "paid":
        return _framed(title, head + '<p class=good role="status">Paid. Thank you.</p>')
    if row["status"] not in {"open", "uncollectible"}:
        return _framed(title, head + "<p>Nothing is owed on this invoice.</p>")
    if error:
        head += f'<p class=bad role="alert">{escape(error)}</p>'
    if intent_ensured(store, row)["status"] == "requires_action":
        return _framed(title, head + CONFIRM)
    keep = "<label><input type=checkbox name=keep checked> Use this card from now on"
    return _framed(title, head + _form(f"{keep}</label>", "Pay"))


def _portal(store: Store, session: Obj, words: str = "") -> str:
    customer = store.find("customer", session["customer"])
    title = "How you pay"
    head = f"<h1>{title}</h1><p>{escape(customer['name'] or customer['id'])}</p>"
    now = store.get(customer["invoice_settings"]["default_payment_method"])
    if now is not None and now["type"] == "card":
        card = now["card"]
        until = f"{card['exp_month']:02d}/{card['exp_year']}"
        head += f"<p>Now: {card['brand']} ending in {card['last4']}, until {until}</p>"
    if words:
        head += f'<p class=good role="status">{words}</p>'
    back = session["return_url"]
    tail = f'<p><a href="{escape(back)}">Back</a></p>' if back else ""
    return _framed(title, head + _form("", "Save card") + tail)


def money(row: Obj) -> str:
    """This will write what is owed, or what was paid."""
    amount = row["amount_remaining"] or row["amount_paid"]
    currency = row["currency"]
    written = f"{amount}" if currency in WHOLE else f"{amount / 100:,.2f}"
    return f"{written} {currency.upper()}"


def _form(more: str, button: str) -> str:
    cards = "".join(
        f"<label><input type=radio name=card value={n}{' checked' if n == 0 else ''}> "
        f"{escape(words)}</label>"
        for n, (_fate, _brand, _last4, words) in enumerate(CHOICES)
    )
    return (
        f"<form method=post><fieldset><legend>Choose a test card</legend>{cards}"
        f"</fieldset>{more}<p><button>{button}</button></p></form>"
    )


CONFIRM = (
    "<form method=post><p>Your bank asks whether this payment is yours.</p>"
    "<button name=confirm value=yes>Yes, pay</button> "
    "<button name=confirm value=no>No</button></form>"
)


def _framed(title: str, inner: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>"
        '<p class="fake" role="note">Fake gateway: no money moves</p>'
        f"<main>{inner}</main></body></html>"
    )
