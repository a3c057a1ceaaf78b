# R's answers for MANOVA, Box's M, EM, pooling, mediation and effect sizes.
# Rscript tests/oracles/other_statistics.R, from the root of the repository; its inputs are made by make_other_inputs.R
# and make_inputs.py. Debian packages: r-base-core r-cran-boot r-cran-car r-cran-effectsize r-cran-emmeans
# r-cran-jsonlite r-cran-lavaan r-cran-mice.

suppressPackageStartupMessages({
  library(boot); library(car); library(effectsize); library(emmeans); library(jsonlite); library(lavaan); library(mice)
})
options(contrasts = c("contr.sum", "contr.poly"))
folder <- "tests/oracles"
read <- function(name) read.csv(file.path(folder, "input", paste0(name, ".csv")), stringsAsFactors = TRUE, na.strings = "")
columns <- function(table) lapply(as.list(as.data.frame(table)), function(v) if (is.factor(v)) as.character(v) else v)

# ---- MANOVA, univariate type III, adjusted pairs -------------------------------------------------------------------
manova_of <- function(model, univariate, factor) {
  full <- Anova(model, type = 3)
  terms <- setdiff(full$terms, "(Intercept)")
  statistic <- function(name, test) {
    rows <- lapply(terms, function(term) {
      roots <- Re(eigen(solve(full$SSPE, full$SSP[[term]]), only.values = TRUE)$values)
      test(roots, full$df[[term]], full$error.df)
    })
    table <- do.call(rbind, rows)
    p <- pf(table[, 2], table[, 3], table[, 4], lower.tail = FALSE)
    list(value = table[, 1], F = table[, 2], df1 = table[, 3], df2 = table[, 4], p = p)
  }
  one <- Anova(univariate, type = 3)[terms, ]
  pairs <- contrast(emmeans(univariate, factor), "pairwise")
  list(term = terms, n = nrow(model.frame(model)),
       pillai = statistic("pillai", car:::Pillai), wilks = statistic("wilks", car:::Wilks),
       hotelling = statistic("hotelling", car:::HL), roy = statistic("roy", car:::Roy),
       ancova = list(F = one$`F value`, p = one$`Pr(>F)`),
       pairs = columns(summary(pairs, infer = TRUE, adjust = "bonferroni")))
}
air <- read("other_airquality")
penguins <- read("other_penguins")
manovas <- list(
  airquality = manova_of(lm(cbind(Ozone, Wind, Temp) ~ Month + Day, air),
                         lm(Ozone ~ Month + Day, air[complete.cases(air[c("Ozone", "Wind", "Temp")]), ]), "Month"),
  penguins = manova_of(lm(cbind(bill_length_mm, bill_depth_mm, flipper_length_mm) ~ species + island + year, penguins),
                       lm(bill_depth_mm ~ species + island + year, penguins), "species"))

# ---- Box's M: M, chi-square and F of Box (1949), in the letters of the SPSS algorithms ----------------------------
box_of <- function(data, outcomes, group) {
  data <- data[complete.cases(data[c(outcomes, group)]), ]
  parts <- split(data[outcomes], droplevels(interaction(data[group])))
  v <- sapply(parts, nrow) - 1; p <- length(outcomes); g <- length(parts)
  covariances <- lapply(parts, cov)
  pooled <- Reduce(`+`, Map(`*`, covariances, v)) / sum(v)
  logdet <- function(s) as.numeric(determinant(s)$modulus)
  m <- sum(v) * logdet(pooled) - sum(v * sapply(covariances, logdet))
  a1 <- (sum(1 / v) - 1 / sum(v)) * (2 * p^2 + 3 * p - 1) / (6 * (p + 1) * (g - 1))
  a2 <- (sum(1 / v^2) - 1 / sum(v)^2) * (p - 1) * (p + 2) / (6 * (g - 1))
  df1 <- p * (p + 1) * (g - 1) / 2
  df2 <- (df1 + 2) / abs(a2 - a1^2)
  if (a2 > a1^2) {
    f <- m * (1 - a1 - df1 / df2) / df1
  } else {
    b <- df2 / (1 - a1 + 2 / df2)
    f <- df2 * m / (df1 * (b - m))
  }
  list(M = m, chi2 = m * (1 - a1), p_chi2 = pchisq(m * (1 - a1), df1, lower.tail = FALSE),
       F = f, df1 = df1, df2 = df2, p = pf(f, df1, df2, lower.tail = FALSE), second = a2 <= a1^2)
}
three <- read("three_groups")
boxes <- list(
  penguins = box_of(penguins, c("bill_length_mm", "bill_depth_mm", "flipper_length_mm"), "species"),
  # Two equal groups and two outcomes: the branch of the F in which a2 < a1^2.
  two_groups = box_of(three[three$group != "control", ], c("y1", "y2"), "group"),
  airquality = box_of(air, c("Ozone", "Wind", "Temp"), "Month"),
  three_groups = box_of(three, paste0("y", 1:5), "group"),
  three_groups_cells = box_of(three, c("y1", "y2"), c("group", "sex")))

# ---- EM: lavaan's EM (divisor n), its conditional means, Little's test ---------------------------------------------
em_of <- function(data) {
  y <- as.matrix(data)
  patterns <- lavaan:::lav_data_missing_patterns(y)
  moments <- lavaan:::lav_mvnorm_missing_h1_estimate_moments(y, patterns, max.iter = 100000L, tol = 1e-12)
  mean <- as.numeric(moments$Mu); covariance <- unname(moments$Sigma)
  imputed <- lavaan:::lav_mvnorm_missing_impute_pattern(y, patterns, mean, covariance)
  loglik <- 0; statistic <- 0; df <- -ncol(y)
  for (rows in split(seq_len(nrow(y)), apply(is.na(y), 1, paste, collapse = ""))) {
    seen <- !is.na(y[rows[1], ])
    part <- covariance[seen, seen, drop = FALSE]
    centred <- sweep(y[rows, seen, drop = FALSE], 2, mean[seen])
    loglik <- loglik - 0.5 * (length(rows) * (sum(seen) * log(2 * pi) + as.numeric(determinant(part)$modulus)) +
                                sum(centred %*% solve(part) * centred))
    away <- colMeans(centred)
    statistic <- statistic + length(rows) * drop(away %*% solve(part, away))
    df <- df + sum(seen)
  }
  list(mean = mean, covariance = covariance, imputed = unname(imputed[is.na(y)]), loglik = loglik,
       little = list(statistic = statistic, df = df, p = pchisq(statistic, df, lower.tail = FALSE)))
}
ems <- list(airquality = em_of(air[c("Ozone", "Solar.R", "Wind", "Temp")]), incomplete = em_of(read("incomplete")))

# ---- Multiple imputation: mice's imputations analysed and pooled; the parts are kept, so that pooling is repeated --
imputed <- mice(airquality[c("Ozone", "Solar.R", "Wind", "Temp")], m = 20, maxit = 10, seed = 1, printFlag = FALSE)
fits <- with(imputed, lm(Ozone ~ Solar.R + Wind + Temp))
pooled <- summary(pool(fits), conf.int = TRUE)
inner <- pool(fits)$pooled
parts <- list(estimate = t(sapply(fits$analyses, coef)), variance = t(sapply(fits$analyses, function(f) diag(vcov(f)))))
scalar <- pool.scalar(parts$estimate[, 2], parts$variance[, 2], n = Inf)
pools <- list(
  estimates = unname(parts$estimate), variances = unname(parts$variance), df = fits$analyses[[1]]$df.residual,
  estimate = pooled$estimate, se = pooled$std.error, t = pooled$statistic, df_pooled = pooled$df, p = pooled$p.value,
  ci_low = pooled$`2.5 %`, ci_high = pooled$`97.5 %`, within = inner$ubar, between = inner$b, total = inner$t,
  riv = inner$riv, lambda = inner$lambda, fmi = inner$fmi,
  infinite = list(df = scalar$df, fmi = scalar$fmi, total = scalar$t))
quick <- quickpred(airquality[c("Ozone", "Solar.R", "Wind", "Temp")], mincor = 0.3)

# ---- Mediation -----------------------------------------------------------------------------------------------------
mediation_of <- function(data, x, m, y, covariates, times) {
  data <- data[c(x, m, y, covariates)]
  right <- function(...) paste(c(..., covariates), collapse = " + ")
  row <- function(fit, name) {
    table <- summary(fit)$coefficients[name, ]
    unname(c(table, confint(fit)[name, ], fit$df.residual))
  }
  fit_m <- lm(as.formula(paste(m, "~", right(x))), data)
  fit_y <- lm(as.formula(paste(y, "~", right(x, m))), data)
  fit_total <- lm(as.formula(paste(y, "~", right(x))), data)
  a <- row(fit_m, x); b <- row(fit_y, m)
  sobel <- sqrt(a[1]^2 * b[2]^2 + b[1]^2 * a[2]^2)
  aroian <- sqrt(a[1]^2 * b[2]^2 + b[1]^2 * a[2]^2 + a[2]^2 * b[2]^2)
  test <- function(se) c(se, a[1] * b[1] / se, 2 * pnorm(-abs(a[1] * b[1] / se)))
  fit <- sem(paste0(m, " ~ a*", right(x), "\n", y, " ~ c*", x, " + b*", right(m), "\nindirect := a*b"), data)
  estimates <- parameterEstimates(fit)
  ml <- estimates[estimates$label == "indirect", ]
  matrix_of <- function(d, names) cbind(1, as.matrix(d[names]))
  product <- function(d, i) {
    part <- d[i, ]
    one <- .lm.fit(matrix_of(part, c(x, covariates)), part[[m]]); two <- .lm.fit(matrix_of(part, c(x, m, covariates)), part[[y]])
    one$coefficients[2] * two$coefficients[3]
  }
  set.seed(times)
  drawn <- boot(data, product, R = times)
  # Influences about the mean of the leave-one-out estimates (Efron and Tibshirani 1993, 14.15); empinf's are about the
  # estimate itself.
  left_out <- sapply(seq_len(nrow(data)), function(i) product(data, -i))
  jackknife <- mean(left_out) - left_out
  intervals <- boot.ci(drawn, type = c("perc", "bca"), L = jackknife)
  flat <- boot.ci(drawn, type = "bca", L = c(-1, 1))  # no acceleration: Efron's bias-corrected interval
  list(names = list(x = x, m = m, y = y, covariates = as.list(covariates)), n = nrow(data),
       a = a, b = b, direct = row(fit_y, x), total = row(fit_total, x),
       sobel = test(sobel), aroian = test(aroian), lavaan = c(ml$est, ml$se),
       acceleration = sum(jackknife^3) / (6 * sum(jackknife^2)^1.5),
       draws = drawn$t[, 1], indices = boot.array(drawn, indices = TRUE),
       percentile = intervals$percent[4:5], bca = intervals$bca[4:5], bias_corrected = flat$bca[4:5])
}
mediations <- list(
  simulated = mediation_of(read("other_mediation"), "x", "m", "y", character(), 399),
  mtcars = mediation_of(read("other_mtcars"), "disp", "wt", "mpg", "qsec", 400))

# ---- Effect sizes --------------------------------------------------------------------------------------------------
# effectsize inverts the noncentral distributions by a general optimiser; here each end is solved to 1e-12.
ends_t <- function(t, df, alpha = 0.05) sapply(c(1 - alpha / 2, alpha / 2), function(p)
  uniroot(function(ncp) suppressWarnings(pt(t, df, ncp)) - p, t + c(-8, 8) * (1 + abs(t) / 10), tol = 1e-13)$root)
ends_f <- function(f, df1, df2, alpha = 0.05) sapply(c(1 - alpha / 2, alpha / 2), function(p)
  if (pf(f, df1, df2) <= p) 0 else
    uniroot(function(ncp) pf(f, df1, df2, ncp) - p, c(0, 5 * f * df1 + 50), tol = 1e-12)$root)
j <- function(df) exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2)

two_of <- function(x, y) {
  x <- x[!is.na(x)]; y <- y[!is.na(y)]
  theirs <- function(table) unname(unlist(table[1, c(1, 3, 4)]))
  n <- c(length(x), length(y)); v <- c(var(x), var(y)); difference <- mean(x) - mean(y)
  noncentral <- function(sd, se, df) ends_t(difference / se, df) * se / sd
  pooled <- sd_pooled(x, y); se <- pooled * sqrt(sum(1 / n)); df <- sum(n) - 2
  welch <- sqrt(sum(v / n)); df_welch <- welch^4 / sum((v / n)^2 / (n - 1))
  average <- sqrt(mean(v)); d <- difference / pooled; d_average <- difference / average; d_glass <- difference / sqrt(v[2])
  normal <- function(d, variance) d + c(-1, 1) * qnorm(0.975) * sqrt(variance)
  list(
    pooled = c(d, noncentral(pooled, se, df)), average = c(d_average, noncentral(average, welch, df_welch)),
    second = c(d_glass, noncentral(sqrt(v[2]), welch, n[2] - 1)), hedges = j(df) * c(d, noncentral(pooled, se, df)),
    large_pooled = d + c(-1, 1) * qt(0.975, df) * sqrt(sum(1 / n) + d^2 / (2 * sum(n))),
    large_average = normal(d_average, d_average^2 * sum(v^2 / (n - 1)) / (8 * average^4) + sum(v / (n - 1)) / average^2),
    large_second = normal(d_glass, d_glass^2 / (2 * (n[2] - 1)) + v[1] / (v[2] * (n[1] - 1)) + 1 / (n[2] - 1)),
    effectsize = list(pooled = theirs(cohens_d(x, y)), average = theirs(cohens_d(x, y, pooled_sd = FALSE)),
                      second = theirs(glass_delta(x, y)), hedges = theirs(hedges_g(x, y))))
}
paired_of <- function(x, y) {
  n <- length(x); r <- cor(x, y); s <- sd(x - y); difference <- mean(x - y); t <- difference / s * sqrt(n)
  average <- sqrt((var(x) + var(y)) / 2); repeated <- s / sqrt(2 * (1 - r))
  z <- difference / s; av <- difference / average; rm <- difference / repeated
  normal <- function(d, variance) d + c(-1, 1) * qnorm(0.975) * sqrt(variance)
  theirs <- unname(unlist(cohens_d(x, y, paired = TRUE)[1, c(1, 3, 4)]))
  list(change = c(z, ends_t(t, n - 1) / sqrt(n)), average = c(av, ends_t(t, n - 1) * s / (sqrt(n) * average)),
       repeated = c(rm, ends_t(t, n - 1) * s / (sqrt(n) * repeated)),
       large_change = z + c(-1, 1) * qt(0.975, n - 1) * sqrt(1 / n + z^2 / (2 * n)),
       large_average = normal(av, av^2 * (var(x)^2 + var(y)^2 + 2 * r^2 * var(x) * var(y)) / (8 * (n - 1) * average^4) +
                                s^2 / ((n - 1) * average^2)),
       large_repeated = normal(rm, 2 * (1 - r) * (1 / n + rm^2 / (2 * n))),
       effectsize = theirs)
}
sleep <- read("other_sleep")
gentoo <- penguins[penguins$species == "Gentoo", ]; adelie <- penguins[penguins$species == "Adelie", ]
may <- air[air$Month == "May", ]; june <- air[air$Month == "Jun", ]; august <- air[air$Month == "Aug", ]
fit <- lm(Ozone ~ Month + Day, air)
model_sd <- sigma(fit); by_model <- summary(eff_size(emmeans(fit, "Month"), sigma = model_sd, edf = fit$df.residual))
pairs_model <- summary(contrast(emmeans(fit, "Month"), "pairwise"), adjust = "none")
tests <- data.frame(F = c(4.2, 0.3, 1.9, 12, 35.0985, 2.9), df1 = c(1, 2, 3, 1, 4, 7), df2 = c(64, 63, 40, 9, 110.5, 392))
of_f <- function(f, df1, df2, n) {
  ends <- ends_f(f, df1, df2)
  theirs <- function(table) unname(unlist(table[1, c(1, 3, 4)]))
  two <- "two.sided"
  list(eta2 = F_to_eta2(f, df1, df2, ci = NULL)[[1]], f = F_to_f(f, df1, df2, ci = NULL)[[1]],
       omega2 = (f - 1) * df1 / (f * df1 + df2 + 1), epsilon2 = (f - 1) * df1 / (f * df1 + df2),
       omega2_truncated = F_to_omega2(f, df1, df2, ci = NULL)[[1]],
       epsilon2_truncated = F_to_epsilon2(f, df1, df2, ci = NULL)[[1]],
       steiger = ends / (ends + df1 + df2 + 1), steiger_f = sqrt(ends / (df1 + df2 + 1)),
       residual = ends / (ends + df2), effectsize = theirs(F_to_eta2(f, df1, df2, ci = 0.95, alternative = two)))
}
effects <- list(
  two = list(penguins = two_of(gentoo$body_mass_g, adelie$body_mass_g), airquality = two_of(august$Ozone, may$Ozone),
             small = two_of(june$Ozone, may$Ozone)),
  paired = list(sleep = paired_of(sleep$second, sleep$first)),
  j = list(df = c(2, 3, 9, 31.5, 64, 400), value = j(c(2, 3, 9, 31.5, 64, 400))),
  model = list(sd = model_sd, df = fit$df.residual, difference = pairs_model$estimate, se = pairs_model$SE,
               value = by_model$effect.size, spread = by_model$SE, ci_low = by_model$lower.CL, ci_high = by_model$upper.CL),
  from_t = list(t = 2.13, nx = 33, ny = 31, value = 2.13 * sqrt(1 / 33 + 1 / 31),
                ci = ends_t(2.13, 62) * sqrt(1 / 33 + 1 / 31)),
  f = c(list(tests = as.list(tests)), list(rows = Map(of_f, tests$F, tests$df1, tests$df2))))

# ---- t, chi-square, Fisher on real counts ---------------------------------------------------------------------------
student <- t.test(gentoo$bill_depth_mm, adelie$bill_depth_mm, var.equal = TRUE)
counts <- table(penguins$species, penguins$sex)
hot <- table(air$Month, air$Temp > 80)
describe <- list(
  student = c(unname(student$statistic), unname(student$parameter), student$p.value, student$conf.int[1:2], student$stderr),
  chi_square = list(counts = unname(unclass(hot)), statistic = unname(suppressWarnings(chisq.test(hot))$statistic),
                    p = suppressWarnings(chisq.test(hot))$p.value),
  fisher = list(counts = rbind(c(4, 12, 3), c(9, 7, 8)), p = fisher.test(rbind(c(4, 12, 3), c(9, 7, 8)))$p.value),
  balanced = list(counts = unname(unclass(counts)), statistic = unname(chisq.test(counts)$statistic),
                  p = chisq.test(counts)$p.value, fisher = fisher.test(counts)$p.value))

answers <- list(
  versions = c(list(R = as.character(getRversion())), sapply(
    c("boot", "car", "effectsize", "emmeans", "lavaan", "mice"),
    function(name) as.character(packageVersion(name)), simplify = FALSE)),
  manova = manovas, box_m = boxes, em = ems, pool = pools, quickpred = unname(quick), mediation = mediations,
  effects = effects, describe = describe)
# One line a subject: the resample indices would be ten thousand lines otherwise.
lines <- mapply(function(name, value) paste0(toJSON(name, auto_unbox = TRUE), ": ",
                                             toJSON(value, digits = NA, auto_unbox = TRUE)), names(answers), answers)
writeLines(paste0("{\n", paste(lines, collapse = ",\n"), "\n}"), file.path(folder, "output", "other_statistics.json"))
