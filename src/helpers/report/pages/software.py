"""What other programs print where there is a choice: facts from their manuals and sources, as rows of a table."""

SOFTWARE = (
    (
        "Covariance of repeated measures",
        "Unstructured; `auto` falls back to heterogeneous Toeplitz, heterogeneous AR(1), heterogeneous and plain "
        "compound symmetry, in this order, and says so",
        "SPSS MIXED: diagonal for REPEATED. SAS MIXED: variance components, that is identity. nlme `gls`: identity. "
        "mmrm: named by the user. statsmodels MixedLM, lme4: random effects only",
    ),
    (
        "Random intercept or compound symmetry",
        "Two models: the random intercept’s variance cannot be negative, the covariance under compound symmetry can",
        "SPSS and SAS the same (RANDOM or REPEATED); lme4 has the first only",
    ),
    (
        "Likelihood",
        "REML, every constant included",
        "SPSS, SAS, lme4, nlme `gls`, mmrm and statsmodels: REML too. nlme’s `vcov` of an ML fit of `gls` is "
        "n / (n − p) times the inverse information",
    ),
    (
        "AIC under REML",
        "−2 log L + 2 × covariance parameters",
        "SPSS, SAS, mmrm: the same. R’s `AIC` of lme4 and nlme fits counts the coefficients too",
    ),
    (
        "Coding and type III tests",
        "Factors coded to sum to zero; every term tested given all others",
        "SPSS and SAS reach the same tests from an overparametrised model. R’s default coding does not: car’s and "
        "lmerTest’s type III need `contr.sum`, or contrasts made for them",
    ),
    (
        "Denominator degrees of freedom",
        "Satterthwaite; Kenward–Roger, residual and asymptotic by name",
        "SPSS 22, lmerTest, mmrm: Satterthwaite. SAS: containment or between-within unless DDFM= says otherwise. "
        "pbkrtest: Kenward–Roger. statsmodels: none, normal tests",
    ),
    (
        "Information on the covariance parameters",
        "Observed, which alone is valid when values are missing at random; expected by name",
        "lmerTest, SAS, mmrm: observed. pbkrtest: expected. With complete data and a linear structure they often "
        "coincide; with gaps the degrees of freedom can differ much",
    ),
    (
        "Rows of L in Satterthwaite’s F with several degrees of freedom",
        "Level i − last level, and Kronecker products of these for interactions",
        "SAS prints these rows. lmerTest takes others: its F is the same, its denominator can differ",
    ),
    (
        "Kenward–Roger for structures that are not linear in their parameters",
        "Parameters are variances and correlations; second derivatives included, as in the paper of 1997",
        "mmrm offers both this and a linear version. pbkrtest fits linear structures only",
    ),
    (
        "Marginal means",
        "Covariates at their mean over the analysed rows; other factors with equal weights",
        "SPSS EMMEANS and R’s emmeans: the same. SAS LSMEANS: the same unless OM",
    ),
    (
        "Bonferroni",
        "Within each cell of `by`, intervals widened too: two groups at one visit are one comparison",
        "SPSS EMMEANS COMPARE and emmeans: the same",
    ),
    (
        "F of Hotelling–Lawley’s trace",
        "Pillai’s approximation",
        "SPSS and car: the same. statsmodels: McKeon’s",
    ),
    (
        "Box’s M",
        "M, Box’s F and χ²",
        "SPSS: F. pingouin: χ². statsmodels 0.15: both, with another sign in the branch of F for few groups",
    ),
    (
        "Interval of Cohen’s d",
        "Large-sample; noncentral t by name",
        "pingouin: large-sample. effectsize: noncentral t",
    ),
    (
        "Small-sample factor of Hedges’ g",
        "Exact ratio of gamma functions",
        "effectsize: the same. pingouin: 1 − 3 / (4N − 9)",
    ),
    (
        "Interval of partial η²",
        "λ / (λ + N), two-sided",
        "statsmodels: the same denominator. effectsize: λ / (λ + df₂), one-sided unless told otherwise",
    ),
    (
        "Normal test of an indirect effect",
        "Sobel’s and Aroian’s variance, both",
        "PROCESS 2: Aroian’s unless told otherwise. lavaan: Sobel’s",
    ),
    (
        "Bootstrap interval of an indirect effect",
        "Percentile, bias-corrected and BCa, from ordered draws",
        "PROCESS 2: bias-corrected, from ordered draws. boot: interpolates on the normal scale, and measures the "
        "jackknife from the estimate instead of its mean, which moves BCa slightly",
    ),
    (
        "Little’s test",
        "Maximum-likelihood covariance",
        "BaylorEdPsych: the same",
    ),
    (
        "Degrees of freedom of pooled estimates",
        "Barnard and Rubin (1999)",
        "mice: the same. statsmodels: none",
    ),
)
