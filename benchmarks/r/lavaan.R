# Mediation x -> m -> y with bias-corrected bootstrap intervals by lavaan, as JSON; called by benchmarks/in_r.py.
# Arguments: the resamples; the table; the repeats to time (0: answers only).

given <- commandArgs(trailingOnly = TRUE)
if (!requireNamespace("lavaan", quietly = TRUE)) {
  cat('{"absent": "R package lavaan is not installed"}\n')
  quit()
}
suppressPackageStartupMessages(library(lavaan))
table <- read.csv(given[2])
model <- "m ~ a * x
          y ~ b * m + direct * x
          indirect := a * b"
once <- function() {
  set.seed(1)
  fit <- sem(model, data = table, se = "bootstrap", bootstrap = as.integer(given[1]))
  list(fit = fit, table = parameterEstimates(fit, boot.ci.type = "bca.simple"))
}
answer <- once()
found <- answer$table[match(c("a", "b", "direct", "indirect"), answer$table$label), ]
# A resample in which lavaan's search fails leaves its own standard error NA; this is that of the others.
drawn <- lavInspect(answer$fit, "coef.boot")
error <- sd(drawn[, "a"] * drawn[, "b"], na.rm = TRUE)
seconds <- sapply(seq_len(as.integer(given[3])), function(i) system.time(once())[["elapsed"]])
listed <- function(values) paste0("[", paste(sprintf("%.12g", unlist(values)), collapse = ", "), "]")
cat(sprintf('{"version": "%s", "answers": {"paths": %s, "standard error": %s, "interval": %s}, "seconds": %s}\n',
            packageVersion("lavaan"), listed(found$est), listed(error),
            listed(found[4, c("ci.lower", "ci.upper")]), listed(seconds)))
