"""What was spent on winning the demo's customers."""

from collections import Counter

from demo.calculations.tables import Demo


def test_all_money_belongs_to_a_campaign_or_source_of_the_customers(
    company: Demo,
) -> None:
    customers, spend = company.tables["customers"], company.tables["spend"]
    campaigns = {row.campaign_id: row.source for row in company.tables["campaigns"]}
    sources = {row.acquisition_source for row in customers}
    assert {row.source for row in spend} == sources
    named = [row for row in (*customers, *spend) if row.campaign]
    assert {row.campaign for row in named} == set(campaigns)
    for row in named:
        source = getattr(row, "source", None) or row.acquisition_source
        assert campaigns[row.campaign] == source


def test_social_ads_bring_less_than_they_cost(company: Demo) -> None:
    """Small customers that pay some 9,000 in all cost 13,500 each."""
    won = Counter(row.acquisition_source for row in company.tables["customers"])
    spent: Counter[str] = Counter()
    for row in company.tables["spend"]:
        spent[row.source] += row.amount
    each = {source: spent[source] / n for source, n in won.items()}
    assert 12_500 < each["Social ads"] < 14_500
    assert each["Referral"] < each["Search"] < 6_000
    assert won["Social ads"] > 40
