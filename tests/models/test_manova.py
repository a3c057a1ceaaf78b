import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from pingouin import ancova as pingouin_ancova

from helpers.models import (
    MissingValuesError,
    ModelError,
    RankDeficientError,
    TooFewError,
    adjusted_means,
    adjusted_pairs,
    ancova,
    ancova_residuals,
    manova,
)

OUTCOMES = [f"y{number}" for number in range(1, 6)]
FORMULA = "~ group + age + sex + bmi"
# Least squares on well-conditioned tables: both sides keep about twelve digits.
CLOSE = 1e-9


@pytest.mark.parametrize("statistic", ["pillai", "wilks", "hotelling", "roy"])
def test_multivariate_tests_are_those_of_car(answers, table, statistic):
    found = manova(table("three_groups"), OUTCOMES, FORMULA).query("statistic == @statistic")
    r = answers["manova"][statistic]
    assert found["term"].tolist() == r["term"]
    for column in ("value", "F", "df1", "df2"):
        assert found[column].to_numpy() == pytest.approx(r[column], rel=CLOSE)


def test_multivariate_tests_ignore_units_and_the_order_of_outcomes(table):
    data = table("three_groups")
    other = data.assign(y1=data["y1"] * 1e6 + 3, y2=-data["y2"] * 1e-6, age=data["age"] * 365)
    plain = manova(data, OUTCOMES, FORMULA)
    moved = manova(other, OUTCOMES[::-1], FORMULA)
    # Units twelve orders apart cost about four digits.
    assert moved["F"].to_numpy() == pytest.approx(plain["F"].to_numpy(), rel=1e-7)


def test_one_group_of_two_gives_the_same_f_for_all_statistics(table):
    data = table("three_groups").query("group != 'control'")
    group = manova(data, OUTCOMES, "~ group").query("term == 'group'")
    assert np.ptp(group["F"]) < 1e-9 * group["F"].mean()


def test_a_term_without_any_effect_is_no_crash(table):
    data = table("three_groups").head(40).drop(columns="group")
    twice = pd.concat([data.assign(half="a"), data.assign(half="b")], ignore_index=True)
    found = manova(twice, OUTCOMES, "~ half + age").set_index(["term", "statistic"])
    assert found.loc[("half", "wilks"), "value"] == 1
    assert found.loc["half", "F"].to_numpy() == pytest.approx(0)
    assert found.loc["half", "p"].to_numpy() == pytest.approx(1)
    assert found.loc["half", ["df1", "df2"]].to_numpy().tolist() == found.loc["age", ["df1", "df2"]].to_numpy().tolist()


def test_no_warning_at_the_residual_df_that_an_approximation_it_does_not_use_has_no_value_for(table):
    data = table("three_groups").query("group != 'control'").groupby("group").head(4).iloc[:-1]
    assert manova(data, OUTCOMES[:2], "~ group")["F"].notna().all()


def test_as_many_residual_df_as_outcomes_are_too_few_for_a_term_of_several_columns(table):
    data = table("three_groups").groupby("group").head(2)
    two = data.query("group != 'control'")
    assert manova(two, OUTCOMES[:2], "~ group")["p"].notna().all()
    assert manova(data, OUTCOMES[:2], "~ group")["p"].notna().all()
    with pytest.raises(TooFewError, match="6 complete rows for 3 columns and 3 outcomes"):
        manova(data.assign(y9=np.arange(6) ** 2.0), [*OUTCOMES[:2], "y9"], "~ group")


def test_units_too_far_apart_for_a_variance_are_refused(table):
    data = table("three_groups")
    far = data.assign(y1=data["y1"] * 1e140, age=data["age"] * 1e-18)
    with pytest.raises(ModelError, match="y1 and ~ age are in units too far apart"):
        ancova(far, "y1", "~ age")


def test_univariate_tests_are_those_of_car(answers, table):
    found, r = ancova(table("three_groups"), "y3", FORMULA), answers["ancova"]
    assert found["term"].tolist() == r["term"]
    assert found["F"].to_numpy() == pytest.approx(r["F"], rel=CLOSE)
    assert found["p"].to_numpy() == pytest.approx(r["p"], rel=1e-8)
    assert (found["df2"] == r["error_df"]).all()


def test_univariate_tests_are_those_of_pingouin(table):
    data = table("three_groups")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pingouin 0.7 uses an argument that pandas 3.1 deprecates
        other = pingouin_ancova(data, dv="y2", between="group", covar=["age", "bmi"]).set_index("Source")
    found = ancova(data, "y2", "~ group + age + bmi").set_index("term")
    for term in ("group", "age", "bmi"):
        assert found.loc[term, ["F", "partial_eta2"]].tolist() == pytest.approx(other.loc[term, ["F", "np2"]].tolist())


def test_an_interaction_is_type_three(table):
    data = table("three_groups")
    other = smf.ols("y4 ~ C(group, Sum) * C(sex, Sum) + bmi", data).fit()
    expected = [other.wald_test_terms(scalar=True).table.loc[name, "statistic"] for name in
                ("C(group, Sum)", "C(sex, Sum)", "C(group, Sum):C(sex, Sum)", "bmi")]  # fmt: skip
    found = ancova(data, "y4", "~ group * sex + bmi").set_index("term")["F"]
    assert found[["group", "sex", "group:sex", "bmi"]].to_numpy() == pytest.approx(expected, rel=CLOSE)


def test_adjusted_means_and_pairs_are_those_of_emmeans(answers, table):
    data, means, pairs = table("three_groups"), answers["means"], answers["pairs"]
    found = adjusted_means(data, "y3", FORMULA, "group")
    assert found["group"].tolist() == means["group"]
    for ours, theirs in {"mean": "emmean", "se": "SE", "ci_low": "lower.CL", "ci_high": "upper.CL"}.items():
        assert found[ours].to_numpy() == pytest.approx(means[theirs], rel=CLOSE)
    found = adjusted_pairs(data, "y3", FORMULA, "group")
    assert found["contrast"].tolist() == pairs["contrast"]
    names = {"estimate": "estimate", "se": "SE", "t": "t.ratio", "p_adjusted": "p.value", "ci_low": "lower.CL"}
    for ours, theirs in names.items():
        assert found[ours].to_numpy() == pytest.approx(pairs[theirs], rel=1e-8)


def test_names_that_are_no_identifiers_work(table):
    data = table("three_groups").rename(columns={"y1": "IL-6", "y2": "TNF α", "bmi": "body mass"})
    found = manova(data, ["IL-6", "TNF α"], "~ group + `body mass`")
    assert found["term"].unique().tolist() == ["group", "body mass"]
    assert ancova(data, "IL-6", "~ group")["term"].tolist() == ["group"]


def test_rows_without_an_outcome_are_left_out_and_others_refused(table):
    data = table("three_groups")
    gaps = data.assign(y1=data["y1"].where(data.index > 3))
    assert manova(gaps, OUTCOMES, FORMULA)["n"].unique().tolist() == [122]
    with pytest.raises(MissingValuesError, match="age in 4 of 126 rows"):
        ancova(data.assign(age=data["age"].where(data.index > 3)), "y2", FORMULA)


def test_what_cannot_be_tested_is_refused(table):
    data = table("three_groups")
    with pytest.raises(RankDeficientError, match="total") as caught:
        manova(data.assign(total=data["y1"] + 2 * data["y2"]), ["y1", "y2", "total"], FORMULA)
    assert caught.value.names == ("total",)
    with pytest.raises(ModelError, match="at least two outcomes"):
        manova(data, ["y1"], FORMULA)
    with pytest.raises(TooFewError):
        manova(data.groupby("group").head(3), OUTCOMES, FORMULA)
    with pytest.raises(ModelError, match="must start with '~'"):
        ancova(data, "y1", "y1 ~ group")


def test_order_of_rows_and_levels_changes_nothing_but_signs(table):
    data = table("three_groups")
    turned = data.sample(frac=1, random_state=1)
    turned["group"] = pd.Categorical(turned["group"], ["pain", "non_pain", "control"])
    one, two = adjusted_pairs(data, "y5", FORMULA, "group"), adjusted_pairs(turned, "y5", FORMULA, "group")
    assert two["contrast"].tolist() == ["pain - non_pain", "pain - control", "non_pain - control"]
    assert two["estimate"].to_numpy()[::-1] == pytest.approx(-one["estimate"].to_numpy(), rel=CLOSE)
    assert two["p"].to_numpy()[::-1] == pytest.approx(one["p"].to_numpy(), rel=1e-7)


def test_residuals_are_those_of_ols(table):
    data = table("three_groups")
    fitted, residuals = ancova_residuals(data, "y3", FORMULA)
    other = smf.ols("y3 ~ group + age + sex + bmi", data).fit()
    assert fitted == pytest.approx(other.fittedvalues.to_numpy(), rel=CLOSE)
    assert residuals == pytest.approx(other.resid.to_numpy(), abs=CLOSE)
