# Seconds that nlme's gls takes for one unstructured fit, and its -2 log-likelihood, as JSON; called by repeated.py.
# Arguments: the table, the number of repeats.

suppressPackageStartupMessages(library(nlme))
given <- commandArgs(trailingOnly = TRUE)
options(contrasts = c("contr.sum", "contr.poly"))
data <- read.csv(given[1], stringsAsFactors = TRUE)
data <- data[!is.na(data$score), ]
data$position <- as.integer(data$visit)

fit <- function() gls(score ~ group * visit + age, data = data, correlation = corSymm(form = ~ position | id),
                      weights = varIdent(form = ~ 1 | visit), method = "REML")
found <- fit()
seconds <- sapply(seq_len(as.integer(given[2])), function(i) system.time(fit())[["elapsed"]])
cat(sprintf('{"version": "%s", "deviance": %.6f, "seconds": [%s]}\n', packageVersion("nlme"),
            -2 * as.numeric(logLik(found)), paste(seconds, collapse = ", ")))
