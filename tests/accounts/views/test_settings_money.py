"""Money: currency, margin, exchange rates."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Company, ExchangeRate, User
from tests.accounts.entries import entries
from tests.accounts.views.settings_forms import form_of
from tests.pages import main_of, messages, part, queries, words

MONEY = "/settings/money/"
CURRENCY = "/settings/money/currency/"
JAN = dt.date(2026, 1, 31)


def rate(code: str = "USD", day: dt.date = JAN, value: str = "0.9") -> ExchangeRate:
    return ExchangeRate.objects.create(currency=code, valid_on=day, rate=value)


def stored() -> list[tuple[str, Decimal]]:
    return list(
        ExchangeRate.objects.order_by("currency", "valid_on").values_list(
            "currency", "rate"
        )
    )


class TestForecasts:
    def test_percent_is_typed_and_a_share_is_stored(
        self, admin_client: Client, company: Company
    ) -> None:
        form = form_of(admin_client.get(MONEY), MONEY)
        assert (form["gross_margin"], form["support_cost"]) == ("80", "25")
        typed = {
            "gross_margin": "72,5 %",
            "support_cost": "12.50",
            "discount_rate": "8",
            "gone_below": "12,5",
        }
        admin_client.post(MONEY, {**form, **typed})
        company.refresh_from_db()
        assert (company.gross_margin, company.support_cost, company.discount_rate) == (
            Decimal("0.725"),
            Decimal("12.5"),
            Decimal("0.08"),
        )
        assert company.gone_below == Decimal("0.125")
        again = form_of(admin_client.get(MONEY), MONEY)
        assert [again[name] for name in typed] == ["72.5", "12.5", "8", "12.5"]

    def test_speaks_the_readers_language(
        self, admin_client: Client, admin: User, company: Company
    ) -> None:
        User.objects.filter(pk=admin.pk).update(language="de")
        Company.objects.update(gross_margin="0.725", support_cost="12.5")
        form = form_of(admin_client.get(MONEY), MONEY)
        assert (form["gross_margin"], form["support_cost"]) == ("72,5", "12,5")

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("gross_margin", "101"),
            ("gross_margin", "-1"),
            ("gross_margin", "80.123"),
            ("gross_margin", "much"),
            ("gross_margin", ""),
            ("discount_rate", "100.01"),
            ("gone_below", "100.01"),
            ("gone_below", ""),
            ("support_cost", "-1"),
            ("support_cost", "1,200"),
            ("support_cost", "1.234"),
            ("support_cost", "99999999999"),
        ],
    )
    def test_refuses(
        self, admin_client: Client, company: Company, field: str, value: str
    ) -> None:
        form = form_of(admin_client.get(MONEY), MONEY)
        response = admin_client.post(MONEY, {**form, field: value})
        assert response.status_code == 422
        assert form_of(response, MONEY)[field] == value
        assert entries() == []


class TestCurrency:
    def ask(self, client: Client, **typed: str) -> HttpResponse:
        form = form_of(client.get(MONEY), CURRENCY)
        return client.post(CURRENCY, {**form, **typed})

    def test_a_new_one_is_asked_about_first(
        self, admin_client: Client, company: Company
    ) -> None:
        response = self.ask(admin_client, currency="USD")
        assert response.status_code == 422
        text = part(response, "h-currency")
        assert "Reckon in USD instead of EUR?" in text
        assert "reckoned anew in USD at the next run" in text
        assert "What about the stored exchange rates?" not in text
        assert Company.objects.get().currency == "EUR"
        admin_client.post(CURRENCY, form_of(response, CURRENCY))
        assert Company.objects.get().currency == "USD"

    def test_a_yes_to_one_is_no_yes_to_another(
        self, admin_client: Client, company: Company
    ) -> None:
        asked = form_of(self.ask(admin_client, currency="USD"), CURRENCY)
        response = admin_client.post(CURRENCY, {**asked, "currency": "GBP"})
        assert "Reckon in GBP instead of EUR?" in words(main_of(response))
        assert Company.objects.get().currency == "EUR"

    @pytest.mark.parametrize(("answer", "left"), [("keep", 1), ("remove", 0)])
    def test_stored_rates_are_asked_about(
        self, admin_client: Client, company: Company, answer: str, left: int
    ) -> None:
        rate("RON", value="0.2")
        asked = self.ask(admin_client, currency="USD")
        text = part(asked, "h-currency")
        assert "They are in USD already: keep them" in text
        assert "They are in EUR: remove them" in text
        form = form_of(asked, CURRENCY)
        silent = admin_client.post(CURRENCY, form)
        assert "Choose one of the two." in words(main_of(silent))
        assert Company.objects.get().currency == "EUR"
        admin_client.post(CURRENCY, {**form_of(silent, CURRENCY), "rates": answer})
        assert Company.objects.get().currency == "USD"
        assert len(stored()) == left

    def test_the_same_one_changes_nothing(
        self, admin_client: Client, company: Company
    ) -> None:
        assert self.ask(admin_client, currency="EUR")["Location"] == MONEY
        assert messages(admin_client.get(MONEY)) == ["Nothing was changed."]

    def test_nobody_is_overwritten(
        self, admin_client: Client, company: Company
    ) -> None:
        asked = form_of(self.ask(admin_client, currency="USD"), CURRENCY)
        Company.objects.update(currency="GBP")
        response = admin_client.post(CURRENCY, asked)
        assert response.status_code == 409
        assert "Somebody changed this meanwhile" in words(main_of(response))
        assert Company.objects.get().currency == "GBP"

    def test_an_old_currency_stays_choosable(
        self, admin_client: Client, company: Company
    ) -> None:
        Company.objects.update(currency="HRK")
        assert form_of(admin_client.get(MONEY), CURRENCY)["currency"] == "HRK"


class TestRates:
    def test_add(self, admin_client: Client, company: Company) -> None:
        data = {"currency": "USD", "valid_on": "2026-01-31", "rate": "0,9134"}
        admin_client.post(reverse("rate_create"), data)
        assert stored() == [("USD", Decimal("0.9134"))]
        assert "USD 0.9134 31 Jan" in part(admin_client.get(MONEY), "h-rates")

    @pytest.mark.parametrize(
        ("field", "value"),
        [("rate", "0"), ("rate", "-1"), ("rate", "x"), ("currency", "EUR")],
    )
    def test_add_refuses(
        self, admin_client: Client, company: Company, field: str, value: str
    ) -> None:
        data = {"currency": "USD", "valid_on": "2026-01-31", "rate": "1", field: value}
        response = admin_client.post(reverse("rate_create"), data)
        assert response.status_code == 422
        assert stored() == []
        if field == "rate":
            assert form_of(response, reverse("rate_create"))["rate"] == value

    def test_another_of_the_same_day(
        self, admin_client: Client, company: Company
    ) -> None:
        rate()
        data = {"currency": "USD", "valid_on": "2026-01-31", "rate": "1"}
        response = admin_client.post(reverse("rate_create"), data)
        assert "There is another rate of that day." in words(main_of(response))

    def test_list_of_a_currency(self, admin_client: Client, company: Company) -> None:
        rate(day=dt.date(2025, 12, 31), value="0.8")
        rate(value="0.9")
        rate(day=dt.date(2150, 1, 1), value="0.7")
        rate("RON", value="0.12345")
        text = part(admin_client.get(MONEY + "rates/USD/"), "h-rates")
        found = [at for at in ("0.7", "0.9", "0.8") if at in text]
        assert found == sorted(found, key=text.index)
        assert "to come" in text
        assert "0.12345" not in text

    def test_a_currency_that_does_not_exist(
        self, admin_client: Client, company: Company
    ) -> None:
        assert admin_client.get(MONEY + "rates/XYZ/").status_code == 404

    def test_an_empty_list_says_so(
        self, admin_client: Client, company: Company
    ) -> None:
        html = main_of(admin_client.get(MONEY + "rates/USD/?before=x"))
        assert "No exchange rate yet" in html

    def test_delete_and_take_it_back(
        self, admin_client: Client, company: Company
    ) -> None:
        one = rate(value="0.91340000")
        rate("RON")
        response = admin_client.post(reverse("rate_remove", args=[one.pk]))
        assert stored() == [("RON", Decimal("0.9"))]
        html = main_of(admin_client.get(response["Location"]))
        undo = html.partition('formaction="')[2].partition("?")[0]
        admin_client.post(undo)
        assert stored()[1] == ("USD", Decimal("0.9134"))

    def test_undo_too_late(self, admin_client: Client, company: Company) -> None:
        admin_client.post(reverse("rate_restore", args=["x"]))
        assert "too late" in messages(admin_client.get(MONEY))[0]

    @pytest.mark.parametrize("count", [1, 3])
    def test_every_rate_costs_nothing_more(
        self, admin_client: Client, company: Company, count: int
    ) -> None:
        empty = queries(admin_client, MONEY)
        for number, code in enumerate(["USD", "RON", "GBP"][:count]):
            rate(code, JAN + dt.timedelta(days=number))
        assert queries(admin_client, MONEY) == empty


class TestImport:
    def look(self, client: Client, text: str | bytes) -> HttpResponse:
        data = text if isinstance(text, bytes) else text.encode()
        file = SimpleUploadedFile("rates.csv", data)
        return client.post(reverse("rates_preview"), {"file": file})

    def keep(self, client: Client, preview: HttpResponse) -> HttpResponse:
        url = reverse("rates_keep")
        return client.post(url, form_of(preview, url))

    def test_looks_first_and_stores_then(
        self, admin_client: Client, company: Company
    ) -> None:
        rate(value="0.8")
        rate("GBP", value="1.2")
        text = (
            "currency;valid_on;rate\nUSD;2026-01-31;0,9\n"
            "GBP;2026-01-31;1,2\nRON;2026-01-31;0,2\n"
        )
        preview = self.look(admin_client, text)
        assert preview.status_code == 200
        text = words(main_of(preview))
        assert "New 1 Changed 1 Stored already 1 Wrong 0" in text
        assert "USD 31 January 2026 0.8 0.9" in text
        assert "Store 2 rates" in text
        assert len(stored()) == 2
        self.keep(admin_client, preview)
        assert stored() == [
            ("GBP", Decimal("1.2")),
            ("RON", Decimal("0.2")),
            ("USD", Decimal("0.9")),
        ]
        assert messages(admin_client.get(MONEY)) == ["2 rates stored."]

    def test_wrong_lines_are_named_and_the_rest_is_a_choice(
        self, admin_client: Client, company: Company
    ) -> None:
        lines = "USD,2026-01-31,0.9\nUSD,2026-02-31,0.9\nXXQ,2026-01-31,1\n"
        preview = self.look(admin_client, "currency,valid_on,rate\n" + lines)
        assert preview.status_code == 422
        text = words(main_of(preview))
        assert "Line 3: “2026-02-31” is not a day such as 2026-01-31." in text
        assert "Line 4: “XXQ” is not a currency code such as USD." in text
        assert "Store the 1 good line" in text
        assert stored() == []
        self.keep(admin_client, preview)
        assert stored() == [("USD", Decimal("0.9"))]

    def test_the_same_file_again_offers_nothing(
        self, admin_client: Client, company: Company
    ) -> None:
        rate(value="0.9")
        preview = self.look(
            admin_client, "currency,valid_on,rate\nUSD,2026-01-31,0.9\n"
        )
        html = main_of(preview)
        assert "New 0 Changed 0 Stored already 1 Wrong 0" in words(html)
        assert "Store 1" not in words(html)

    def test_what_was_saved_as_a_file_is_read_back(
        self, admin_client: Client, company: Company
    ) -> None:
        rate(value="0.12345678")
        rate("RON", dt.date(2027, 1, 1), "4.9")
        before = stored()
        file = admin_client.get(reverse("rates_file"))
        assert file["Content-Disposition"].startswith('attachment; filename="rates-EUR')
        ExchangeRate.objects.all().delete()
        self.keep(admin_client, self.look(admin_client, file.content))
        assert stored() == before

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"", "empty"),
            (b"a,b\n1,2\n", "currency, valid_on, rate is missing"),
            (b"currency,valid_on,rate\n", "There is no rate in this file."),
            (b"\x00\xff\xfe\x9d\x81" * 400, "CSV"),
        ],
    )
    def test_files_that_are_none(
        self, admin_client: Client, company: Company, data: bytes, said: str
    ) -> None:
        response = self.look(admin_client, data)
        assert response.status_code == 422
        assert said in part(response, "h-rates")

    def test_a_file_that_is_too_large(
        self, admin_client: Client, company: Company
    ) -> None:
        response = self.look(admin_client, b"x" * (4 * 1024 * 1024 + 1))
        assert "larger than 4 MB" in part(response, "h-rates")

    def test_ten_thousand_lines(self, admin_client: Client, company: Company) -> None:
        day = dt.date(1990, 1, 1)
        lines = (f"USD,{day + dt.timedelta(n)},{n + 1}.5\n" for n in range(10_000))
        preview = self.look(admin_client, "currency,valid_on,rate\n" + "".join(lines))
        assert len(preview.content) < 200_000
        self.keep(admin_client, preview)
        assert ExchangeRate.objects.count() == 10_000

    def test_a_forged_preview_stores_nothing(
        self, admin_client: Client, company: Company
    ) -> None:
        url = reverse("rates_keep")
        admin_client.post(url, {"rates": '[["USD","2026-01-31","1"]]'})
        assert stored() == []
        assert "Choose the file again" in messages(admin_client.get(MONEY))[0]

    def test_a_currency_changed_in_between(
        self, admin_client: Client, company: Company
    ) -> None:
        preview = self.look(
            admin_client, "currency,valid_on,rate\nUSD,2026-01-31,0.9\n"
        )
        Company.objects.update(currency="USD")
        self.keep(admin_client, preview)
        assert stored() == []
        assert "own currency" in messages(admin_client.get(MONEY))[0]
