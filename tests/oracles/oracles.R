# Answers of R to the committed inputs: Rscript tests/oracles/oracles.R, from the root of the repository.
# Debian packages: r-base-core r-cran-lme4 r-cran-emmeans r-cran-car r-cran-survival r-cran-lavaan r-cran-jsonlite.
# Factors are sum-coded (contr.sum) in the order of their sorted levels, as helpers.models does.

suppressPackageStartupMessages({
  library(lme4); library(emmeans); library(car); library(survival); library(lavaan); library(jsonlite)
})
options(contrasts = c("contr.sum", "contr.poly"))
emm_options(lmer.df = "asymptotic")
folder <- "tests/oracles"
read <- function(name) read.csv(file.path(folder, "input", paste0(name, ".csv")), stringsAsFactors = TRUE)
columns <- function(table) lapply(as.list(as.data.frame(table)), function(v) if (is.factor(v)) as.character(v) else v)

tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5), calc.derivs = FALSE)

mixed <- function(formula, data, reml) {
  fit <- lmer(formula, data = data, REML = reml, control = tight)
  terms <- Anova(fit, type = 3, test.statistic = "Chisq")[-1, ]
  grid <- emmeans(fit, ~ group | visit)
  list(
    deviance = -2 * as.numeric(logLik(fit)),
    coefficients = unname(fixef(fit)),
    vcov = unname(as.matrix(vcov(fit))),
    residual_variance = sigma(fit)^2,
    visit_variance = unname(as.matrix(Matrix::bdiag(VarCorr(fit)$id))),
    rows = nobs(fit),
    tests = list(term = rownames(terms), chisq = terms$Chisq, df = terms$Df, p = terms$`Pr(>Chisq)`),
    means = columns(summary(grid, level = 0.95)),
    groups = columns(summary(pairs(grid), infer = TRUE, adjust = "bonferroni")),
    visits = columns(summary(contrast(emmeans(fit, ~ visit | group), "trt.vs.ctrl", ref = 1), infer = TRUE,
                             adjust = "bonferroni"))
  )
}

intercept <- read("intercept")
slope <- read("slope")
slope$time <- slope$day / 26
model <- score ~ group * visit + age + (1 | id)

wide <- read("three_groups")
many <- lm(cbind(y1, y2, y3, y4, y5) ~ group + age + sex + bmi, data = wide)
multivariate <- function(statistic) {
  full <- Anova(many, type = 3)
  rows <- lapply(full$terms[-1], function(term) {
    roots <- eigen(solve(full$SSPE, full$SSP[[term]]), only.values = TRUE)$values
    q <- full$df[[term]]
    c(switch(statistic,
      Pillai = car:::Pillai, Wilks = car:::Wilks, "Hotelling-Lawley" = car:::HL, Roy = car:::Roy
    )(Re(roots), q, full$error.df))
  })
  table <- do.call(rbind, rows)
  list(term = full$terms[-1], value = table[, 1], F = table[, 2], df1 = table[, 3], df2 = table[, 4])
}
one <- lm(y3 ~ group + age + sex + bmi, data = wide)
univariate <- Anova(one, type = 3)
adjusted <- emmeans(one, ~ group)

times <- read("survival")
curve <- survfit(Surv(time, event) ~ 1, data = times, conf.type = "log-log")
split_curve <- summary(survfit(Surv(time, event) ~ group, data = times), rmean = 13)$table
logrank <- survdiff(Surv(time, event) ~ group, data = times)

pain <- wide[wide$group == "pain", ]; rest <- wide[wide$group == "non_pain", ]
student <- t.test(pain$y3, rest$y3, var.equal = TRUE)
counts <- matrix(c(24, 16, 9, 17), 2)
three <- matrix(c(4, 9, 12, 7, 3, 8), 2)

gaps <- read("incomplete")
saturated <- paste(c("a ~~ b + c + d", "b ~~ c + d", "c ~~ d"), collapse = "\n")
# lavaan also fits a baseline model, which is not used here and may fail.
full <- suppressWarnings(lavaan(saturated, data = gaps, missing = "fiml", auto.var = TRUE, meanstructure = TRUE, int.ov.free = TRUE,
               control = list(rel.tol = 1e-14, abs.tol = 1e-14)))
moments <- fitted(full)
little <- local({
  pattern <- apply(is.na(gaps), 1, paste, collapse = "")
  statistic <- 0; df <- -ncol(gaps)
  for (rows in split(seq_len(nrow(gaps)), pattern)) {
    seen <- !is.na(gaps[rows[1], ])
    away <- colMeans(gaps[rows, seen, drop = FALSE]) - moments$mean[seen]
    statistic <- statistic + length(rows) * drop(away %*% solve(moments$cov[seen, seen], away))
    df <- df + sum(seen)
  }
  list(statistic = statistic, df = df, p = pchisq(statistic, df, lower.tail = FALSE))
})

answers <- list(
  versions = c(list(R = as.character(getRversion())), sapply(
    c("lme4", "emmeans", "car", "survival", "lavaan"), function(name) as.character(packageVersion(name)),
    simplify = FALSE)),
  intercept = mixed(model, intercept, TRUE),
  intercept_ml = mixed(model, intercept, FALSE),
  slope = mixed(score ~ group * visit + age + (time | id), slope, TRUE),
  manova = list(pillai = multivariate("Pillai"), wilks = multivariate("Wilks"),
                hotelling = multivariate("Hotelling-Lawley"), roy = multivariate("Roy")),
  ancova = list(term = rownames(univariate)[2:5], df = univariate$Df[2:5], F = univariate$`F value`[2:5],
                p = univariate$`Pr(>F)`[2:5], error_df = univariate$Df[6]),
  means = columns(summary(adjusted)),
  pairs = columns(summary(pairs(adjusted), infer = TRUE, adjust = "bonferroni")),
  survival = list(
    curve = list(time = curve$time, at_risk = curve$n.risk, events = curve$n.event, survival = curve$surv,
                 ci_low = curve$lower, ci_high = curve$upper),
    rmean = list(group = sub("group=", "", rownames(split_curve)), value = unname(split_curve[, "rmean"]),
                 se = unname(split_curve[, "se(rmean)"])),
    logrank = list(statistic = logrank$chisq, p = logrank$pvalue)),
  student = list(statistic = unname(student$statistic), p = student$p.value, df = unname(student$parameter),
                 se = student$stderr, ci = as.numeric(student$conf.int)),
  chi_square = list(plain = unname(chisq.test(counts, correct = FALSE)$statistic),
                    yates = unname(chisq.test(counts, correct = TRUE)$statistic),
                    three = unname(suppressWarnings(chisq.test(three)$statistic)),
                    three_p = suppressWarnings(chisq.test(three)$p.value)),
  fisher = list(two = fisher.test(counts)$p.value, three = fisher.test(three)$p.value),
  em = list(mean = as.numeric(moments$mean), covariance = unname(unclass(moments$cov)),
            loglik = as.numeric(logLik(full)), little = little)
)
write_json(answers, file.path(folder, "output", "answers.json"), digits = NA, auto_unbox = TRUE, pretty = TRUE)
