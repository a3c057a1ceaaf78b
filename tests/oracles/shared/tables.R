# What repeated.R and nothing else needs besides the fits: rows, linear functions, marginal means, pairs.

# Data and linear algebra -------------------------------------------------------------------------------------------

levels_of <- function(column) sort(unique(column), method = "radix")

# Analysed rows: factors in sorted order, the visit one where the formula names it; `place` is the visit's position.
analysed <- function(case) {
  data <- read.csv(file.path(folder, "input", paste0(case$data, ".csv")))
  formula <- as.formula(case$formula)
  data <- data[!is.na(data[[all.vars(formula)[1]]]), ]
  data$place <- match(data[[case$visit]], levels_of(data[[case$visit]]))
  named <- all.vars(formula[[3]])
  texts <- Filter(function(name) is.character(data[[name]]) || name == case$visit, named)
  for (name in texts) data[[name]] <- factor(data[[name]], levels_of(data[[name]]))
  data[[case$subject]] <- factor(data[[case$subject]], levels_of(data[[case$subject]]))
  data[order(data[[case$subject]], data$place), ]
}

visits_of <- function(case) levels_of(read.csv(file.path(folder, "input", paste0(case$data, ".csv")))[[case$visit]])

# Rows of L for each term: "level i - last level", Kronecker products for interactions, the first factor fastest.
rows_of_terms <- function(formula, data) {
  x <- model.matrix(formula, data)
  labels <- attr(terms(formula), "term.labels")
  rows <- lapply(seq_along(labels), function(number) {
    columns <- which(attr(x, "assign") == number)
    inner <- matrix(1)
    for (name in strsplit(labels[number], ":")[[1]]) if (is.factor(data[[name]])) {
      size <- nlevels(data[[name]]) - 1
      inner <- kronecker(diag(size) + 1, inner)
    }
    l <- matrix(0, nrow(inner), ncol(x))
    l[, columns] <- inner
    l
  })
  setNames(rows, labels)
}

plain_names <- function(formula, data) {
  x <- model.matrix(formula, data)
  labels <- attr(terms(formula), "term.labels")
  level_names <- function(name) if (is.factor(data[[name]]))
    sprintf("%s[%s]", name, head(levels(data[[name]]), -1)) else name
  each <- lapply(strsplit(labels, ":"), function(names) Reduce(
    function(a, b) as.vector(outer(a, b, paste, sep = ":")), lapply(names, level_names)))
  found <- c("Intercept", unlist(each))
  stopifnot(length(found) == ncol(x))
  found
}

wald <- function(rows, beta, vcov, df2) {
  f <- sapply(rows, function(l) {
    b <- l %*% beta
    drop(t(b) %*% solve(l %*% vcov %*% t(l), b)) / nrow(l)
  })
  table_of(names(rows), sapply(rows, nrow), rep(df2, length(rows)), f)
}

# A column stays a list in JSON when it has one row.
columns_of <- function(table) lapply(table, function(column) I(unname(column)))

table_of <- function(term, df1, df2, f, p = pf(f, df1, df2, lower.tail = FALSE)) columns_of(
  list(term = term, df1 = df1, df2 = df2, F = f, p = p))

# Marginal means and pairs ------------------------------------------------------------------------------------------

# A level of a numeric visit is written as the number.
level_column <- function(values, case, name) {
  values <- as.character(values)
  if (name == case$visit && is.numeric(visits_of(case))) as.numeric(values) else values
}

grid_of <- function(reference, wanted) emmeans(reference, wanted$over, by = wanted$by)

mean_columns <- function(grid, case, wanted) {
  s <- as.data.frame(summary(grid, infer = c(TRUE, FALSE), level = 0.95))
  names <- c(wanted$by, wanted$over)
  columns_of(c(setNames(lapply(names, function(name) level_column(s[[name]], case, name)), names),
               list(mean = s$emmean, se = s$SE, df = s$df, ci_low = s$lower.CL, ci_high = s$upper.CL)))
}

pair_columns <- function(grid, case, wanted) {
  every <- pairs(grid)
  s <- as.data.frame(summary(every, infer = TRUE, adjust = "bonferroni", level = 0.95))
  bare <- as.data.frame(summary(every, infer = TRUE, adjust = "none"))
  levels <- grid@levels[[wanted$over]]
  pair <- combn(length(levels), 2)
  cells <- nrow(s) / ncol(pair)
  side <- function(row) level_column(rep(levels[pair[row, ]], cells), case, wanted$over)
  by <- if (is.null(wanted$by)) list() else setNames(list(level_column(s[[wanted$by]], case, wanted$by)), wanted$by)
  columns_of(c(by, list(
    level = side(1), versus = side(2), estimate = s$estimate, se = s$SE, df = s$df, t = s$t.ratio, p = bare$p.value,
    p_adjusted = s$p.value, ci_low = s$lower.CL, ci_high = s$upper.CL)))
}

# `references`: one emmeans reference grid a method.
answers_of <- function(wanted, references, columns, case) lapply(wanted, function(one) list(
  over = one$over, by = one$by, results = lapply(references, function(g) columns(grid_of(g, one), case, one))))
