# Answers of R to the cases of repeated measures: Rscript tests/oracles/repeated.R, from the root of the repository.
# Debian packages: r-base-core r-cran-lme4 r-cran-lmertest r-cran-pbkrtest r-cran-nlme r-cran-emmeans r-cran-minqa
# r-cran-numderiv r-cran-jsonlite.
# Random effects: lme4, lmerTest (Satterthwaite), pbkrtest (Kenward-Roger). Covariance structures: nlme's gls, with its
# residual degrees of freedom. Factors are sum-coded (contr.sum) in the order of their sorted levels, as helpers.models
# does. Parts of names after the script select cases; nothing is written then.

suppressPackageStartupMessages({
  library(lme4); library(lmerTest); library(pbkrtest); library(nlme); library(emmeans); library(jsonlite)
})
options(contrasts = c("contr.sum", "contr.poly"))
emm_options(msg.interaction = FALSE, msg.nesting = FALSE, pbkrtest.limit = 1e5, lmerTest.limit = 1e5)
folder <- "tests/oracles"
DIGITS <- 12

source(file.path(folder, "shared", "tables.R"))

# Random effects: lme4, lmerTest, pbkrtest ---------------------------------------------------------------------------

# bobyqa compares values only, which are flat at the minimum; two Newton steps follow, derivatives by extrapolation.
polished <- function(fn, par, lower, upper, control) {
  found <- minqa::bobyqa(par, fn, lower, upper, control = list(rhoend = 1e-10, maxfun = 1e6))$par
  stopifnot(all(found[lower == 0] > 1e-3))
  for (step in 1:2) found <- found - solve(numDeriv::hessian(fn, found), numDeriv::grad(fn, found))
  list(par = found, fval = fn(found), conv = 0, message = "")
}
tight <- lmerControl(optimizer = polished, calc.derivs = FALSE)

random <- function(case) {
  data <- analysed(case)
  formula <- as.formula(case$formula)
  reml <- case$method == "reml"
  effect <- if (case$random == "slope") sprintf("(%s | %s)", case$time, case$subject) else
    sprintf("(1 | %s)", case$subject)
  full <- as.formula(paste(case$formula, "+", effect))
  fit <- eval(substitute(lmerTest::lmer(f, data = data, REML = reml, control = tight), list(f = full)))
  rows <- rows_of_terms(formula, data)
  satterthwaite <- do.call(rbind, lapply(rows, function(l) lmerTest::contestMD(fit, l)))
  tests <- list("satterthwaite/observed" = table_of(
    names(rows), satterthwaite$NumDF, satterthwaite$DenDF, satterthwaite$`F value`))
  references <- list("satterthwaite/observed" = ref_grid(fit, lmer.df = "satterthwaite"))
  own <- as.data.frame(anova(fit, type = 3))
  own <- table_of(rownames(own), own$NumDF, own$DenDF, own$`F value`, own$`Pr(>F)`)
  adjusted <- NULL
  if (reml) {
    adjusted <- unname(as.matrix(vcovAdj(fit)))
    kr <- do.call(rbind, lapply(rows, function(l) KRmodcomp(fit, l)$test["Ftest", ]))
    tests[["kenward-roger/expected"]] <- table_of(names(rows), kr$ndf, kr$ddf, kr$stat, kr$p.value)
    references[["kenward-roger/expected"]] <- ref_grid(fit, lmer.df = "kenward-roger")
  }
  variances <- as.matrix(VarCorr(fit)[[case$subject]])
  places <- visits_of(case)
  times <- if (is.null(case$time)) NULL else data[[case$time]][match(seq_along(places), data$place)]
  z <- cbind(rep(1, length(places)), times)
  list(
    deviance = -2 * as.numeric(logLik(fit)), n_rows = nobs(fit), names = plain_names(formula, data),
    coefficients = unname(fixef(fit)), vcov = unname(as.matrix(vcov(fit))), vcov_kenward_roger = adjusted,
    visits = places, covariance = unname(z %*% variances %*% t(z) + sigma(fit)^2 * diag(length(places))),
    parameters = list(values = c(variances[upper.tri(variances, diag = TRUE)], sigma(fit)^2)),
    tests = tests, lmertest_anova = own,
    means = answers_of(case$means, references, mean_columns, case),
    contrasts = answers_of(case$contrasts, references, pair_columns, case))
}

# Covariance structures: nlme ----------------------------------------------------------------------------------------

# nlme's own likelihood, minimised further than gls() can be told to: its search, then two Newton steps with gradients
# by Richardson extrapolation.
smallest <- function(model) {
  value <- function(pars) -2 * as.numeric(logLik(model, pars))
  start <- as.numeric(coef(model))
  if (!length(start)) return(list(par = start, slope = 0))
  gradient <- function(pars) numDeriv::grad(value, pars)
  rough <- nlminb(start, value, control = list(iter.max = 500, eval.max = 5000))
  found <- nlminb(rough$par, value, gradient, control = list(iter.max = 200, eval.max = 400))$par
  hessian <- curvature(value, found)
  for (step in 1:2) found <- found - solve(hessian, gradient(found))
  list(par = found, slope = max(abs(gradient(found))))
}

# Second derivatives good enough for a Newton step from nearby: differences of central differences.
curvature <- function(value, at, h = 1e-4) {
  units <- lapply(seq_along(at), function(i) replace(numeric(length(at)), i, h))
  gradient <- function(x) sapply(units, function(u) (value(x + u) - value(x - u)) / (2 * h))
  base <- gradient(at)
  slopes <- vapply(units, function(u) (gradient(at + u) - base) / h, base)
  (slopes + t(slopes)) / 2
}

correlation_of <- function(name, form) switch(
  name, unstructured = corSymm(form = form), compound_symmetry = , heterogeneous_cs = corCompSymm(form = form),
  ar1 = , heterogeneous_ar1 = corAR1(form = form), NULL)

correlation_matrix <- function(name, correlation, size) {
  lag <- abs(outer(seq_len(size), seq_len(size), "-"))
  if (is.null(correlation)) return(diag(size))
  rho <- coef(correlation, unconstrained = FALSE)
  if (name == "unstructured") {
    r <- diag(size)
    r[lower.tri(r)] <- rho
    return(r + t(r) - diag(size))
  }
  if (grepl("ar1", name)) rho^lag else ifelse(lag == 0, 1, rho)
}

structured <- function(case) {
  data <- analysed(case)
  formula <- as.formula(case$formula)
  name <- case$covariance
  x <- model.matrix(formula, data)
  y <- data[[all.vars(formula)[1]]]
  correlation <- correlation_of(name, as.formula(sprintf("~ place | %s", case$subject)))
  unequal <- name %in% c("unstructured", "diagonal") || startsWith(name, "heterogeneous")
  size <- length(visits_of(case))
  data$level <- factor(data$place, seq_len(size))
  # As in gls(): the rows sorted by subject, which analysed() has done.
  model <- nlme:::glsStruct(corStruct = correlation, varStruct = if (unequal) varIdent(form = ~ 1 | level))
  attr(model, "conLin") <- list(
    Xy = cbind(x, y), dims = list(N = nrow(x), p = ncol(x), REML = as.integer(case$method == "reml")), logLik = 0,
    sigma = 0, fixedSigma = FALSE)
  model <- Initialize(model, data, list(singular.ok = FALSE))
  found <- smallest(model)
  if (length(found$par)) coef(model) <- found$par
  end <- nlme:::glsEstimate(model, control = list(singular.ok = FALSE))
  vcov <- crossprod(end$sigma * end$varBeta)
  ratio <- if (unequal) coef(model$varStruct, unconstrained = FALSE, allCoef = TRUE)[as.character(seq_len(size))] else
    rep(1, size)
  sd <- end$sigma * unname(ratio)
  beta <- unname(end$beta)
  df2 <- nrow(x) - ncol(x)
  references <- list(residual = qdrg(formula, data = data, coef = end$beta, vcov = vcov, df = df2))
  list(
    deviance = -2 * as.numeric(end$logLik), n_rows = nrow(x), names = plain_names(formula, data), coefficients = beta,
    vcov = unname(vcov), visits = visits_of(case),
    covariance = outer(sd, sd) * correlation_matrix(name, model$corStruct, size), gradient = signif(found$slope, 1),
    tests = list(residual = wald(rows_of_terms(formula, data), beta, vcov, df2)),
    means = answers_of(case$means, references, mean_columns, case),
    contrasts = answers_of(case$contrasts, references, pair_columns, case))
}

# Output ------------------------------------------------------------------------------------------------------------

tidy <- function(value) {
  if (is.list(value)) {
    value <- lapply(value, tidy)
    if (!is.null(names(value))) value <- value[order(names(value), method = "radix")]
    value
  } else if (is.double(value)) signif(value, DIGITS) else value
}

cases <- fromJSON(file.path(folder, "cases.json"), simplifyVector = FALSE)
only <- commandArgs(trailingOnly = TRUE)
answers <- list()
for (case in cases) {
  if (length(unlist(case$references)) < 2) next
  if (length(only) && !any(sapply(only, grepl, case$name, fixed = TRUE))) next
  begun <- proc.time()[["elapsed"]]
  found <- suppressMessages(if (is.null(case$random)) structured(case) else random(case))
  answers[[case$name]] <- found
  message(sprintf("%-45s %.6f slope %s  %.1f s", case$name, found$deviance, format(found$gradient),
                  proc.time()[["elapsed"]] - begun))
}
packages <- c("lme4", "lmerTest", "pbkrtest", "nlme", "emmeans", "minqa", "numDeriv", "jsonlite")
versions <- c(list(R = as.character(getRversion())),
              sapply(packages, function(name) as.character(packageVersion(name)), simplify = FALSE))
if (!length(only)) writeLines(
  toJSON(tidy(list(cases = answers, versions = versions)), digits = NA, auto_unbox = TRUE, pretty = TRUE, null = "null",
         na = "null"),
  file.path(folder, "output", "repeated_r.json"))
