"""What somebody would type who wants a template to do more than it should."""

# Template languages, formats, shells and pages; every one must come out literally.
_EXPRESSIONS = (
    "7*7", "7*'7'", "config", "settings.SECRET_KEY", "user.password", "request", "self",
    "''.__class__.__mro__[1]", "().__class__.__base__.__subclasses__()", "cycler.__init__",
    "lipsum.__globals__", "messages.storages.0.signer.key", "contact.__class__",
    "contact.customer.owner.password", "contact|safe", "contact.secret|upper",
    "forloop", "block.super", "request.user.password", "perms",
)  # fmt: skip
_WRAPPERS = ("{{{{ {} }}}}", "{{% {} %}}", "${{{}}}", "#{{{}}}", "<%= {} %>")
_FORMATS = (
    "{0}", "{}", "{0.__class__}", "{0.__init__.__globals__}", "{0[secret]}", "{!r}",
    "{:>10}", "{0!s:>1000000000}", "%s", "%(password)s", "%n%n%n", "$name", "${name:-x}",
    "$(id)", "`id`", "{#comment#}", "{% load ui %}", "{% include 'mail/base.html' %}",
    "{% debug %}", "{%csrf_token%}", "{{", "}}", "{%", "%}", "{", "}", "{{{{}}}}", "{{}}",
    "@{contact.name", "#set($x=1)", "<#assign x=1>", "[[${7*7}]]", "*{7*7}", "~{x}",
)  # fmt: skip
_PAGES = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
    "javascript:alert(1)", "<a href='javascript:alert(1)'>x</a>", "</title><script>",
    "</td></tr></table>", "<!-- -->", "<![CDATA[x]]>", "&lt;b&gt;", "&#x3c;b&#x3e;",
    "<style>*{display:none}</style>", "\"onmouseover=\"alert(1)", "' or '1'='1",
)  # fmt: skip
PAYLOADS = [
    *(wrapper.format(text) for wrapper in _WRAPPERS for text in _EXPRESSIONS),
    *_FORMATS,
    *_PAGES,
]
