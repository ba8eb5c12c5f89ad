// Shares of a draft follow what is typed. Without this file they come with the next save.
"use strict";

const draft = document.querySelector("[data-shares]");

const typed = (input) => {
  const value = Number.parseFloat(input?.value.trim().replace(",", ".") ?? "");
  return Number.isFinite(value) && value > 0 ? value : 0;
};

const percent = new Intl.NumberFormat(document.documentElement.lang, {
  style: "percent",
  maximumFractionDigits: 1,
});

// As in health.calculations.scorecard_shares: a group without anything in it has no share.
const share = () => {
  const groups = [...draft.querySelectorAll("[data-group]")]
    .filter((part) => part.matches("section"))
    .map((part) => {
      const measures = [...part.querySelectorAll("[data-measure]")].map((row) => {
        const counts = row.querySelector("input[type=checkbox]").checked;
        return { row, counts, weight: counts ? typed(row.querySelector("[data-weight]")) : 0 };
      });
      const inside = measures.reduce((sum, one) => sum + one.weight, 0);
      const weight = inside ? typed(part.querySelector("input[data-group]")) : 0;
      return { part, measures, inside, weight };
    });
  const whole = groups.reduce((sum, group) => sum + group.weight, 0) || 1;
  for (const group of groups) {
    const part = group.weight / whole;
    group.part.querySelector("[data-group-share]").textContent = percent.format(part);
    for (const { row, counts, weight } of group.measures) {
      const own = group.inside ? (part * weight) / group.inside : 0;
      row.querySelector("[data-share]").textContent = percent.format(own);
      row.querySelector(".uncounted").hidden = counts;
    }
  }
};

draft?.addEventListener("input", share);
