# Repeated-measures models of y1, y2, ... by one of R's packages, as JSON; called by benchmarks/in_r.py.
# Arguments: gls, mmrm or lmer; the table; the repeats to time (0: answers only).

given <- commandArgs(trailingOnly = TRUE)
needed <- list(gls = "nlme", mmrm = "mmrm", lmer = "lmerTest")[[given[1]]]
if (!requireNamespace(needed, quietly = TRUE)) {
  cat(sprintf('{"absent": "R package %s is not installed"}\n', needed))
  quit()
}
suppressPackageStartupMessages(library(needed, character.only = TRUE))
options(contrasts = c("contr.sum", "contr.poly"))
table <- read.csv(given[2])
table$position <- table$visit
for (name in c("id", "group", "visit")) table[[name]] <- factor(table[[name]])
responses <- grep("^y[0-9]+$", names(table), value = TRUE)

# Rows of the type III hypotheses, "level i - last level", of which Satterthwaite's degrees of freedom depend.
columns <- attr(model.matrix(~ group * visit, table), "assign")
last <- function(levels) diag(levels - 1) + 1
blocks <- list(last(nlevels(table$group)), last(nlevels(table$visit)))
blocks[[3]] <- kronecker(blocks[[2]], blocks[[1]])
rows <- lapply(1:3, function(term) {
  L <- matrix(0, sum(columns == term), length(columns))
  L[, columns == term] <- blocks[[term]]
  L
})

complete <- function(name) {
  table$value <- table[[name]]
  table[!is.na(table$value), ]
}
fitted <- list(
  gls = function(data) {
    fit <- gls(value ~ group * visit, data = data, correlation = corSymm(form = ~ position | id),
               weights = varIdent(form = ~ 1 | visit), method = "REML")
    list(deviance = -2 * as.numeric(logLik(fit)), F = anova(fit, type = "marginal")[["F-value"]][-1])
  },
  mmrm = function(data) {
    fit <- mmrm(value ~ group * visit + us(visit | id), data = data, reml = TRUE)
    tests <- lapply(rows, function(L) df_md(fit, L))
    list(deviance = deviance(fit), F = sapply(tests, `[[`, "f_stat"), df2 = sapply(tests, `[[`, "denom_df"))
  },
  lmer = function(data) {
    fit <- lmer(value ~ group * visit + (1 | id), data = data, REML = TRUE)
    tests <- do.call(rbind, lapply(rows, function(L) contestMD(fit, L)))
    list(deviance = -2 * as.numeric(logLik(fit)), F = tests[["F value"]], df2 = tests[["DenDF"]])
  }
)[[given[1]]]

all_of_them <- function() lapply(frames, fitted)
frames <- lapply(responses, complete)
found <- all_of_them()
seconds <- sapply(seq_len(as.integer(given[3])), function(i) system.time(all_of_them())[["elapsed"]])
listed <- function(values) paste0("[", paste(sprintf("%.12g", unlist(values)), collapse = ", "), "]")
quantities <- sapply(names(found[[1]]), function(name) sprintf('"%s": %s', name, listed(lapply(found, `[[`, name))))
cat(sprintf('{"version": "%s", "answers": {%s}, "seconds": %s}\n', packageVersion(needed),
            paste(quantities, collapse = ", "), listed(seconds)))
